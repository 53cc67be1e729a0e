"""All operations, by the service that is called and the operation's name."""

from bot.operations import doing, files, github, jira, looking, notices, previews, slack, tying
from bot.operations.base import Operation

OPERATIONS: dict[tuple[str, str], Operation] = {
    **{("slack", name): operation for name, operation in slack.OPERATIONS.items()},
    **{("jira", name): operation for name, operation in jira.OPERATIONS.items()},
    **{("jira", name): operation for name, operation in notices.OPERATIONS.items()},
    **{("slack", name): operation for name, operation in files.OF_SLACK.items()},
    **{("jira", name): operation for name, operation in files.OF_JIRA.items()},
    **{("jira", name): operation for name, operation in doing.OPERATIONS.items()},
    **{("jira", name): operation for name, operation in tying.OPERATIONS.items()},
    **{("jira", name): operation for name, operation in looking.OPERATIONS.items()},
    **{("github", name): operation for name, operation in github.OPERATIONS.items()},
    **previews.OPERATIONS,
}
