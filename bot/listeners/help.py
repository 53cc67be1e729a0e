"""What connect understands, as it tells people who ask or mistype."""

from collections.abc import Iterable

from bot.message import BlockDict, Message, context, escape, section
from bot.spelling import nearest

# A paragraph is a section of the screen; a line with a command in it is shown again where only that one is asked for.
JIRA = """*What you can do with Jira here*
`/jira create` opens the form; `/jira create Printer is on fire` creates at once in the default project
`/jira OPS-1` shows an issue to you; `/jira OPS-1 share` shows it to everyone here
`/jira assign OPS-1 @somebody`, or `me`; `/jira unassign OPS-1`; `/jira transition OPS-1 Done`
`/jira comment OPS-1 It works again`; `/jira watch OPS-1` and `/jira unwatch OPS-1`
`/jira search printer on fire` and `/jira mine` show a table of what you may see; JQL will do as well

`/jira subscribe OPS` opens the form of what this channel hears of the project, `/jira subscribe OPS urgent bugs` that \
of a subscription by this name; `/jira subscribe OPS created resolved` subscribes at once to any of \
`created updated commented deleted status assignee priority resolved reopened comment_created comment_edited \
comment_deleted attachments sprints versions worklogs all`
`/jira subscriptions` lists them, to edit, pause, remove or test; `/jira unsubscribe OPS` ends one
`/jira default OPS Bug label:office` says what new issues from this channel are; `/jira default` shows it
`/jira notify on` tells you in a direct message what is assigned to you or mentions you
`/jira notify quiet 20:00-07:00` puts notices and reminders off in those hours, `/jira notify quiet off` ends that
`/jira link OPS-1` opens its thread in this channel, `/jira unlink OPS-1` ends that; in a thread, \
`@connect link OPS-1` ties it to the issue
`/jira channel OPS-1` gives the issue a channel of its own, and invites those whom it concerns
`/jira me` shows which Jira account is yours, and `/jira me claim` says that it is another
`/jira login` links your own Jira account, so that you act under your own name; `/jira logout` ends that
`/jira previews on`, `/jira previews links` or `/jira previews off`: what is previewed in this channel; \
`/jira previews me off`: nothing that you share

In any message's menu: *Create Jira issue*, *Add to Jira issue* and *Link to Jira issue*
In words: `@connect create bug in OPS: the printer is on fire`
In my *Home* tab you create issues, search, and see yours, your accounts, and what I write to you of
Replies in an issue's thread become its comments, and its comments replies; edits and deletions follow
`/jira sync OPS-1 both` lets everything through; or `to-jira`, `to-slack`, `off`
A reply that begins with // stays in Slack, unless another mark was set up."""

GITHUB = """*What you can do with GitHub here*
`/github subscribe` opens the form; `/github subscribe owner/repo` tells this channel of the repository; \
`/github subscribe owner` of all that owner's repositories, `-owner/repo` behind it leaves one out
Add any of `issues pulls commits releases deployments reviews comments branches tags workflows checks discussions \
forks stars security repository members all`, and what limits them: `commits:release/*`, \
`workflows:{name:"CI" branch:"main"}`, `+label:"bug"`, `-label:"wip"`, `-author:"renovate[bot]"`, `-bots`, `-drafts`, \
`+assignee:"ada"`, `+reviewer:"acme/core"`, `base:"main"`, `path:"services/**"`, `action:"merged"`, \
`conclusion:"failure"`, `named "release watch"`

`/github unsubscribe owner/repo` ends it; with features or filters behind it, only those
`/github settings owner/repo` shows what is chosen, as it is typed; `/github subscribe list` shows all
`/github pause owner/repo` and `/github resume owner/repo`; without a repository all in this channel
`/github test owner/repo` shows what would pass of the latest events, \
`/github why LINK` why something was not seen here

`/github owner/repo#1` shows an issue or a pull request to you, and so does a link to it; \
`/github owner/repo#1 share` shows it to everyone here
`/github open` opens the form for an issue; `/github open owner/repo Title` opens one at once; \
`/github default owner/repo` says where those of this channel go
`/github search door stuck` finds issues and pull requests that you may see; `/github todo` shows what waits for you
`/github close owner/repo#1`, also with a reason: `/github close owner/repo#1 not planned`; \
`/github reopen owner/repo#1`
`/github comment owner/repo#1 It works again`; `/github label owner/repo#1 bug -wip` puts one on and takes one off
`/github assign owner/repo#1 @somebody`, or `me`; `/github unassign owner/repo#1`

`/github notify on` tells you in a direct message what is asked of you on GitHub, and what becomes of your pull requests
`/github notify quiet 20:00-07:00` puts notices and reminders off in those hours, `/github notify quiet off` ends that
`/github mentions on` lets channels really mention you where somebody does on GitHub; \
`/github mentions here on` mentions the group of a team that is asked for a review
`/github remind me weekdays 09:00` tells you what waits for your review, \
`/github remind here weekly monday 09:00` this channel what waits in its repositories; \
`/github remind me target 2 days` marks what waits for longer, `/github remind me off` ends it, \
`/github remind list` shows them
`/github previews on`, `/github previews links` or `/github previews off`: what is previewed in this channel; \
`/github previews me off`: nothing that you share
`/github me` shows which GitHub account is yours
`/github login` links your own GitHub account, so that you act under your own name; `/github logout` ends that
In any message's menu: *Create GitHub issue*"""


CONNECT = """*What you can say to me*
`/connect jira …` and `/connect github …` do the same where another app has these commands, and so does `@connect …`
`/connect github help` says what you can do with GitHub here
`/connect map @ada jira:ada@example.com` says which account is whose, for admins, and so does \
`/connect map @ada github:ada`; `/connect map @core github:acme/core` says which group is which team; \
`/connect unmap @ada` takes it back, `/connect people` lists them
`/connect transitions OPS opened:"In Review" merged:Done deployed:Released` says which status a pull request brings \
the issues to that it names; `/connect transitions OPS clear` ends that, `/connect transitions OPS` shows it; \
admins see all with `/connect transitions`"""

MORE = {
    "search": "Words are looked for in the whole text of issues. What begins with a field and an operator is JQL: "
    "`/jira search project = OPS AND status = Done`. A key finds its issue. You alone see the table, with what you may "
    "see in Jira; restricted issues stay there. Where there are several Jiras, name one first: `/jira search eu/ …`.",
    "default": 'Also with `component:"Second floor"`; labels may be several. `/jira default clear` forgets it. What a '
    "request names itself comes first, the installation's own defaults come last.",
    "mine": "Your open issues, by status and due date.",
    "me": "`/jira me claim` shows a code; a comment with it in Jira proves that the account is yours.",
}
"""What is said of a command of Jira's besides its line, where only that one is asked for."""

INSTEAD = {
    **dict.fromkeys(("view", "show", "get"), "`/jira {0}` shows the issue."),
    **dict.fromkeys(
        ("log", "worklog"),
        "To log work, choose *Log work* behind *More* on the issue's card: `/jira {0}` shows it.",
    ),
    "delete": "Issues cannot be deleted from Slack. Open it in Jira: `/jira {0}` shows the link.",
}
"""What is said to words that are no commands of Jira's, but mean something that can be done, or not, otherwise."""

ON_GITHUB = {
    **dict.fromkeys(("signin", "connect"), "`/github login` links your own GitHub account."),
    "signout": "`/github logout` ends the link to your GitHub account.",
    **dict.fromkeys(
        ("merge", "approve"), "Press *{1}* on the pull request's card, or open it on GitHub: `/github {0}` shows it."
    ),
}
"""The same for words that are no commands of GitHub's; some of its own app's are among them."""

SCREENS = {"jira": JIRA, "github": GITHUB, "connect": f"{JIRA}\n\n{CONNECT}"}


def help_message(service: str, unknown: str = "", known: Iterable[str] = ()) -> Message:
    """The help of one service; or of the nearest of its `known` commands, if an `unknown` word was typed instead."""
    text, near = SCREENS[service], nearest(unknown, known)
    if not unknown:
        return Message(text, _screen(text))
    hint = f" Did you mean `/{service} {near}`?" if near else ""
    said = f"I do not know `{escape(unknown, 50)}`.{hint}"
    if not near and service != "connect":
        said = f"{said} `/{service} help` lists everything."
        return Message(said, [section(said)])
    return Message(said if near else text, [context(said), *_screen(_lines(service, near) or text)])


def beyond(command: str, word: str) -> Message:
    """What is said of a word that a command of Jira's does not know: the command's own help."""
    text = _lines("jira", command)
    return Message(text, [context(f"I do not know `{escape(word, 50)}` there."), *_screen(text)])


def instead(word: str, issue: str) -> Message:
    """What to do instead of a command that there is not (see `INSTEAD`)."""
    text = INSTEAD[word].format(escape(issue or "OPS-1"))
    return Message(text, [section(text)])


def on_github(word: str, named: str) -> Message:
    """What to do instead of a command of GitHub's that there is not (see `ON_GITHUB`)."""
    text = ON_GITHUB[word].format(escape(named or "owner/repo#1"), "Approve" if word == "approve" else "Merge…")
    return Message(text, [section(text)])


def help_of(service: str, command: str, known: Iterable[str]) -> Message:
    """`/jira help create`: what there is to say of one command; without its name, the help of the service."""
    text = _lines(service, command)
    return Message(text, _screen(text)) if text else help_message(service, command, (*known, "help"))


def _lines(service: str, command: str) -> str:
    """The lines of the screen that show a command, and what else there is to say of it."""
    if not command:
        return ""
    spelled = (f"`/{service} {command}", *([f"`/jira {command}"] if service == "connect" else []))
    lines = [line for line in SCREENS[service].splitlines() if any(each in line for each in spelled)]
    return "\n".join([*lines, *([MORE[command]] if service != "github" and command in MORE else [])])


def _screen(text: str) -> list[BlockDict]:
    return [section(paragraph) for paragraph in text.split("\n\n")]
