"""Ids of comments as rows hold them: GitHub's begin with its name, since the numbers of both services are alike."""

GITHUB_COMMENT = "github:"
"""No id of Jira's begins so: the name of a site, which may stand before one, has no colon."""


def github_comment(ident: str, *, discussion: bool = False) -> str:
    """A comment of GitHub's on an issue or a pull request, or in a discussion, which has numbers of its own."""
    return f"{GITHUB_COMMENT}{'discussion_comment' if discussion else 'comment'}/{ident}"


def service_of(comment_id: str) -> str:
    """The service in which a comment was written."""
    return "github" if comment_id.startswith(GITHUB_COMMENT) else "jira"
