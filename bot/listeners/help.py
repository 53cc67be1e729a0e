"""What connect understands, as it tells people who ask or mistype."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.message import Message, context, section

JIRA = """*What you can do with Jira here*
`/jira create` opens the form; `/jira create Printer is on fire` creates at once in the default project
`/jira OPS-1` shows an issue to you; `/jira OPS-1 share` shows it to everyone here
`/jira assign OPS-1 @somebody`, or `me`; `/jira unassign OPS-1`; `/jira transition OPS-1 Done`
`/jira comment OPS-1 It works again`; `/jira watch OPS-1` and `/jira unwatch OPS-1`
`/jira subscribe OPS` opens the form of what this channel hears of the project, `/jira subscribe OPS urgent bugs` that \
of a subscription by this name; `/jira subscribe OPS created resolved` subscribes at once to any of \
`created updated commented deleted status assignee priority resolved reopened comment_created comment_edited \
comment_deleted attachments sprints versions worklogs all`
`/jira subscriptions` lists them, to edit, pause, remove or test; `/jira unsubscribe OPS` ends one
`/jira notify on` tells you in a direct message what is assigned to you or mentions you
`/jira login` links your own Jira account, so that you act under your own name; `/jira logout` ends that
`/jira previews on`, `/jira previews links` or `/jira previews off`: what is previewed in this channel; \
`/jira previews me off`: nothing that you share
In any message's menu: *Create Jira issue* and *Add to Jira issue*
In words: `@connect create bug in OPS: the printer is on fire`
Replies in an issue's thread become its comments."""

GITHUB = """*What you can do with GitHub here*
`/github subscribe owner/repo` tells this channel of the repository; \
add any of `issues pulls commits releases deployments all`
`/github unsubscribe owner/repo` and `/github subscribe list`"""


def help_message(service: str, unknown: str = "", known: Iterable[str] = ()) -> Message:
    """The help of one service; `unknown` is what was typed, already escaped, instead of one of the `known` words."""
    text = JIRA if service == "jira" else GITHUB
    blocks = [section(text)]
    if unknown:
        near = get_close_matches(unknown.lower(), list(known), 1)
        hint = f" Did you mean `/{service} {near[0]}`?" if near else ""
        blocks.insert(0, context(f"I do not know `{unknown}`.{hint}"))
    return Message(text, blocks)
