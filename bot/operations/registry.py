"""All operations, by the service that is called and the operation's name."""

from bot.operations import (
    channels,
    comments,
    doing,
    files,
    github_comments,
    github_doing,
    github_facts,
    github_forms,
    github_notices,
    github_opening,
    github_previews,
    github_pulls,
    github_reviews,
    github_runs,
    github_searching,
    github_steps,
    github_workflows,
    home,
    jira,
    looking,
    notices,
    previews,
    projects,
    pull_links,
    sign_in,
    slack,
    steps,
    tying,
    uploads,
)
from bot.operations.base import Operation

_SLACK = {**slack.OPERATIONS, **comments.IN_SLACK, **files.OF_SLACK, **uploads.IN_SLACK, **channels.IN_SLACK}
_JIRA = {
    **jira.OPERATIONS, **comments.IN_JIRA, **notices.OPERATIONS, **doing.OPERATIONS, **tying.OPERATIONS,
    **looking.OPERATIONS, **home.OPERATIONS, **steps.OPERATIONS, **files.OF_JIRA,
    **projects.OPERATIONS, **channels.IN_JIRA, **pull_links.OPERATIONS,
}  # fmt: skip

_GITHUB = {
    **github_opening.OPERATIONS, **github_comments.OPERATIONS, **sign_in.OPERATIONS, **github_facts.OPERATIONS,
    **github_doing.OPERATIONS, **github_pulls.OPERATIONS, **github_forms.OPERATIONS, **github_runs.OPERATIONS,
    **github_previews.OPERATIONS, **github_searching.OPERATIONS, **github_notices.OPERATIONS,
    **github_reviews.OPERATIONS, **github_steps.OPERATIONS, **github_workflows.OPERATIONS,
}  # fmt: skip

OPERATIONS: dict[tuple[str, str], Operation] = {
    **{("slack", name): operation for name, operation in _SLACK.items()},
    **{("jira", name): operation for name, operation in _JIRA.items()},
    **{("github", name): operation for name, operation in _GITHUB.items()},
    **previews.OPERATIONS,
}
