"""What a preview shows of something on GitHub: a card of a few lines, one function for each kind of link. Pure.

Each takes what GitHub says of it in the shape in which webhooks tell of it, with its repository, and the link that was
shared.
"""

from collections.abc import Callable, Sequence

from adapters.document import CodeBlock, Document
from adapters.github.addresses import Kind
from adapters.slack.markup import write_mrkdwn
from bot.message import Message, code, link, one_line, truncate
from bot.payload import Payload, flag, mapping, number, strings, text
from bot.renderers import github_cards as cards
from bot.renderers.github_parts import TITLE_LIMIT, body, headline, linked, reference, repository_link, with_text
from bot.renderers.github_runs import run_news
from bot.renderers.parts import assemble, brief, day, dotted, listing, person, phrase, plural, who, without_buttons

CODE_LIMIT = 2500
_LINE = 240
_VERDICTS = {
    "approved": ("✅", "approved"),
    "changes_requested": ("🔴", "requested changes on"),
    "dismissed": ("⚪", "reviewed"),
}

type Renderer = Callable[[Payload, str], Message | None]


def preview(kind: Kind, payload: Payload, url: str) -> Message | None:
    """The card of what a link leads to; None if GitHub's answer does not say what it is."""
    return _RENDERERS[kind](payload, url)


def reply(shown: Sequence[Message]) -> Message:
    """Several cards as one message."""
    return Message("\n".join(each.text for each in shown), [block for each in shown for block in each.blocks])


def _ticket(payload: Payload, _: str) -> Message | None:
    """The card that a channel would get, with what connect remembers of reviews and checks."""
    if not reference(payload, mapping(payload, "pull_request") or mapping(payload, "issue")):
        return None
    return brief(cards.pull_request(payload) if "pull_request" in payload else cards.issue(payload))


def _discussion(payload: Payload, _: str) -> Message | None:
    return brief(cards.discussion(payload)) if reference(payload, mapping(payload, "discussion")) else None


def _run(payload: Payload, _: str) -> Message | None:
    news = run_news(payload)
    return None if news is None or news.card is None else without_buttons(news.card)


def _comment(payload: Payload, _: str) -> Message | None:
    """Somebody's words on an issue, a pull request or one of its lines."""
    said, path = mapping(payload, "comment"), text(payload, "comment", "path")
    did = f"{linked(text(said, 'html_url'), 'commented')} on {f'{code(path, 80)} in ' if path else ''}"
    return _words(payload, said, "💬", did, "Comment")


def _review(payload: Payload, _: str) -> Message | None:
    """A verdict, with its words."""
    review = mapping(payload, "review")
    emoji, did = _VERDICTS.get(text(review, "state").lower(), ("💬", "reviewed"))
    return _words(payload, review, emoji, f"{linked(text(review, 'html_url'), did)} ", "Review")


def _words(payload: Payload, said: Payload, emoji: str, did: str, noun: str) -> Message | None:
    issue, by = mapping(payload, "issue"), text(said, "user", "login")
    title = headline(payload, issue)
    if not title:
        return None
    fallback = f"{noun} by {person(by) or 'someone'} on {one_line(reference(payload, issue), 160)}"
    return assemble(fallback, with_text(f"{emoji} {who(by)} {did}{title}", body(said)), "")


def _commit(payload: Payload, url: str) -> Message | None:
    """The first line of its message, who made it, and how much it changes."""
    commit = mapping(payload, "commit")
    sha, said = text(commit, "sha"), text(commit, "commit", "message").strip()
    if not sha:
        return None
    subject = said.partition("\n")[0] or "(no message)"
    author = text(commit, "author", "login") or text(commit, "commit", "author", "name")
    return assemble(
        f"{one_line(text(payload, 'repository', 'full_name'), 140)}: {one_line(subject, TITLE_LIMIT)}",
        f"*{_link(text(commit, 'html_url') or url, subject)}*\n"
        + dotted(code(sha[:7]), phrase("by", person(author) or "someone"), _size(commit)),
        "",
        phrase("Commit in", repository_link(payload)),
        day(text(commit, "commit", "author", "date")[:10]),
    )


def _size(commit: Payload) -> str:
    added, removed = number(commit, "stats", "additions"), number(commit, "stats", "deletions")
    files = number(commit, "changed_files")
    if added is None or removed is None or files is None or not (added or removed or files):
        return ""
    return f"+{added:,} −{removed:,} in {plural(files, 'file')}"


def _lines(payload: Payload, url: str) -> Message | None:
    """The lines of code themselves, and how many more the link names."""
    given = mapping(payload, "code")
    path, first, last = text(given, "path"), number(given, "first"), number(given, "last")
    if not path or first is None or last is None:
        return None
    shown = "\n".join(truncate(line, _LINE) for line in text(given, "text").split("\n"))
    where = f"Line {first:,}" if first == last else f"Lines {first:,} to {last:,}"
    more = number(given, "more") or 0
    return assemble(
        f"{one_line(path, 200)}: {where}",
        f"*{_link(url, path)}*\n{dotted(where, code(_short(text(given, 'ref')), 80))}",
        write_mrkdwn(Document((CodeBlock(shown),)), CODE_LIMIT) if shown.strip() else "",
        phrase("Code in", repository_link(payload)),
        f"{plural(more, 'more line')} not shown" if more else "",
    )


def _short(ref: str) -> str:
    """A branch or a tag as it is, the id of a commit as GitHub shortens it."""
    return ref[:7] if len(ref) == 40 and all(each in "0123456789abcdefABCDEF" for each in ref) else ref


def _release(payload: Payload, url: str) -> Message | None:
    """Its name and the beginning of its notes."""
    given = mapping(payload, "release")
    tag, named = text(given, "tag_name"), text(given, "name")
    if not tag:
        return None
    label = f"{tag}: {named}" if named and named != tag else tag
    kind = "Pre-release" if flag(given, "prerelease") else "Draft" if flag(given, "draft") else "Release"
    return assemble(
        f"{one_line(text(payload, 'repository', 'full_name'), 140)}: {one_line(label, TITLE_LIMIT)}",
        f"*{_link(text(given, 'html_url') or url, label)}*\n"
        + dotted(f"📦 *{kind}*", phrase("by", person(text(given, "author", "login")))),
        body(given),
        phrase("Release in", repository_link(payload)),
        day(text(given, "published_at")[:10]),
    )


def _repository(payload: Payload, url: str) -> Message | None:
    """What it is for, and what it is made of."""
    there = mapping(payload, "repository")
    name, about = text(there, "full_name"), one_line(text(there, "description"), 300)
    if not name:
        return None
    state = "Archived" if flag(there, "archived") else "Private" if flag(there, "private") else "Public"
    stars = number(there, "stargazers_count") or 0
    return assemble(
        f"{one_line(name, 140)}{f': {about}' if about else ''}",
        f"*{_link(text(there, 'html_url') or url, name)}*{f'\n{about}' if about else ''}",
        "",
        f"{'Fork' if flag(there, 'fork') else 'Repository'} on GitHub",
        state,
        one_line(text(there, "language"), 40),
        f"⭐ {stars:,}" if stars else "",
        listing(strings(there, "topics"), code, " "),
    )


def _account(payload: Payload, url: str) -> Message | None:
    """Who somebody is, or what an organization does."""
    given = mapping(payload, "account")
    login, name = text(given, "login"), text(given, "name")
    if not login:
        return None
    label = f"{name} ({login})" if name and name != login else login
    about = one_line(text(given, "bio") or text(given, "description"), 300)
    noun = {"Organization": "Organization", "Bot": "App"}.get(text(given, "type"), "Person")
    count = number(given, "public_repos") or 0
    return assemble(
        one_line(label, TITLE_LIMIT),
        f"*{_link(text(given, 'html_url') or url, label)}*{f'\n{about}' if about else ''}",
        "",
        f"{noun} on GitHub",
        one_line(text(given, "company"), 60),
        one_line(text(given, "location"), 60),
        f"{count:,} public {'repository' if count == 1 else 'repositories'}" if count else "",
    )


def _link(url: str, label: str) -> str:
    # A look-alike of the asterisk, since a real one would end the bold type.
    return link(url, label.replace("*", "∗"), TITLE_LIMIT)


_RENDERERS: dict[Kind, Renderer] = {
    "ticket": _ticket, "discussion": _discussion,
    "comment": _comment, "review_comment": _comment, "review": _review, "commit": _commit,
    "lines": _lines, "release": _release, "run": _run, "repository": _repository, "account": _account,
}  # fmt: skip
