"""Ids of comments as rows hold them: GitHub's begin with its name, since the numbers of both services are alike."""

GITHUB_COMMENT = "github:"
"""No id of Jira's begins so: the name of a site, which may stand before one, has no colon."""


def service_of(comment_id: str) -> str:
    """The service in which a comment was written."""
    return "github" if comment_id.startswith(GITHUB_COMMENT) else "jira"
