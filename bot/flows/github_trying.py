"""What a GitHub subscription makes of what has happened: `test` on the latest events, `why` on those of one thing.

The rules are those of now, the events those that were stored; nothing is told by it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.errors import AdapterError
from adapters.github.webhook import read_payload
from bot.comment_ids import github_comment
from bot.create_screens import PATIENCE
from bot.flows import comments, github_doers, pausing, talking, turning
from bot.flows.asker import Asker, may_not_look
from bot.flows.github_naming import in_full, resource_of, unclear
from bot.flows.github_subscribing import meant
from bot.flows.open_options import may_read
from bot.flows.plan import NotYet
from bot.flows.subscribing import address_of, mute, say
from bot.github_filters import read, to_ask
from bot.message import Message, escape, link, one_line, section
from bot.payload import Payload, find, flag, mapping, text
from bot.renderers.github_facts import completed
from bot.renderers.github_parts import DOER, KEY
from bot.renderers.news import News
from bot.renderers.registry import render_github
from bot.services import Services
from storage import deliveries, hearing, mappings
from storage.deliveries import Claimed
from storage.mappings import Found
from storage.subscriptions import Kept

EVENTS = 20
NONE = "Nothing of it has arrived in the last days, or nothing that has words."
OVER = "its card was deleted here, so nothing more of it is told"
ASKED = {
    "pull": "its branches and reviewers", "paths": "the files it changes", "owners": "whose files they are",
    "topics": "the topics", "teams": "the author's teams", "keepers": "whose repository it is",
}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """A stored event, as it would be told."""

    event: str
    news: News
    hidden: bool
    """Whether its repository is private."""
    by: str = ""
    """Who in Slack had connect do it, by name; empty if it was not connect."""


def withheld(kept: Kept, news: News, *, hidden: bool) -> str:
    """Why the channel may not see it; empty if it may."""
    if hidden and not kept.private:
        return "the repository is private, and only what is public is told here"
    return "it is for private channels only" if news.private and not kept.private else ""


def reason(kept: Kept, happened: Happened, thread: Found | None = None) -> str:
    """Why a subscription would hold it back now; empty if it would not, as far as is known without asking GitHub.

    `thread` is that of its resource in the channel.
    """
    news = happened.news
    over = OVER if thread is not None and thread.extra.get("closed") else ""
    blocked = pausing.silence(kept) or withheld(kept, news, hidden=happened.hidden) or over
    return blocked or talking.reason(kept, news, thread)


class _Eyes:
    """What somebody who waits may see of private repositories; what GitHub does not say in time counts as no."""

    def __init__(self, services: Services, asker: Asker) -> None:
        self._services, self._user, self._begun = services, asker.user, time.monotonic()
        self._known = dict[str, bool]()

    def see(self, repository: str) -> bool:
        if repository not in self._known:
            late = time.monotonic() - self._begun > PATIENCE
            self._known[repository] = not late and may_read(self._services, self._user, repository)
        return self._known[repository]


def tried(services: Services, asker: Asker, kept: Kept) -> list[str]:
    """A line of mrkdwn for each of the latest events, the newest first: whether it passes, and if not, why not."""
    return _tried(services, _Eyes(services, asker), kept)


def _tried(services: Services, eyes: _Eyes, kept: Kept) -> list[str]:
    with services.database.read() as connection:
        found = deliveries.latest(connection, "github", kept.source, EVENTS)
    return _lines(eyes, kept, _told(services, found)) or [NONE]


def _lines(eyes: _Eyes, kept: Kept, happened: Sequence[Happened], thread: Found | None = None) -> list[str]:
    """Of a private repository that the channel does not hear of nothing, unless who asks may read it: whoever made the
    subscription may have guessed its name. Of what is for private channels only, nothing: who may read a repository may
    not see its alerts for that.
    """
    told = [one for one in happened if kept.private or not one.news.private]
    shown = [one for one in told if not one.hidden or kept.private or eyes.see(one.news.facts.repository)]
    return [_line(one, reason(kept, one, thread), kept) for one in shown]


def test(services: Services, asker: Asker, text: str) -> Message:
    """`/github test acme/web`: what the subscriptions meant would let through."""
    refusal = may_not_look(services, asker)
    kept, wrong = ([], refusal) if refusal else meant(services, asker, text)
    if wrong:
        return say(wrong)
    eyes = _Eyes(services, asker)
    blocks = [section(part) for one in kept[:3] for part in _parts(_title(one), _tried(services, eyes, one))]
    return Message("What it makes of the latest events", blocks[:48])


def why(services: Services, asker: Asker, text: str) -> Message:
    """`/github why <link>`: for each subscription of the channel what it made of each event of one thing."""
    refusal = may_not_look(services, asker)
    if refusal:
        return say(refusal)
    named = in_full(services, asker.channel, text)
    resource = named or resource_of(address_of(services.settings, text))
    if wrong := "" if resource else unclear(services, asker.channel, text, "/github why"):
        return say(wrong)
    if not resource:
        return say("Name an issue, a pull request or a discussion: `/github why https://github.com/acme/web/pull/7`")
    container = resource.partition("#")[0]
    with services.database.read() as connection:
        found = deliveries.of_resource(connection, "github", resource, EVENTS)
        kept = [one for one in hearing.of_container(connection, "github", container) if one.channel == asker.channel]
        known = mappings.threads_of(connection, "github", resource, "")
        here = [one for one in known if one.id.rpartition("/")[0] == asker.channel]
        thread = next((one for one in here if not one.extra.get("closed")), next(iter(here), None))
    if not kept:
        return say(f"This channel does not hear of *{escape(container)}*: `/github subscribe {escape(container)}`")
    happened = _told(services, found)
    eyes = _Eyes(services, asker)
    lines = [(one, _lines(eyes, one, happened, thread)) for one in kept[:5]]
    if not any(told for _, told in lines):
        nothing = f"Nothing of {escape(resource)} has arrived here in the last days: does GitHub send its webhooks?"
        return say(f"{nothing} {mute(services, asker, kept)}".strip())
    blocks = [section(part) for one, told in lines if told for part in _parts(_title(one), told)]
    return Message(f"What became of {escape(resource)} here", blocks[:48])


def _told(services: Services, found: Sequence[Claimed]) -> list[Happened]:
    """What of the deliveries has words, the newest first, with whether a run was a turn."""
    happened = _rendered(services, found)
    with services.database.read() as connection:
        past = turning.told_before(connection, [one.news for one in reversed(happened)])
    return [replace(one, news=news) for one, news in zip(happened, reversed(past), strict=True)]


def _asked_by(services: Services, one: Claimed, payload: Payload) -> str:
    try:
        doer = text(github_doers.with_doer(services, one, payload), KEY, DOER)
        if doer or not mapping(payload, "comment") or (find(payload, "sender") != find(payload, "comment", "user")):
            return doer
        ident = github_comment(text(payload, "comment", "id"), discussion="discussion" in payload)
        with services.database.read() as connection:
            return comments.author_of(connection, ident, "", may_be_ours=False)
    except NotYet:
        return ""


def _rendered(services: Services, found: Sequence[Claimed]) -> list[Happened]:
    happened, occasions = list[Happened](), set[str]()
    for one in found:
        try:
            payload = read_payload(one.headers, one.body)
        except (AdapterError, ValueError):
            continue  # what cannot be read was shown as failed when it came
        news = render_github(one.event, payload)
        if news is not None and (not news.occasion or news.occasion not in occasions):
            occasions.add(news.occasion)
            hidden, by = flag(payload, "repository", "private"), _asked_by(services, one, payload)
            happened.append(Happened(one.event, completed(news, payload), hidden, by))
    return happened


def _title(kept: Kept) -> str:
    named = f" ({escape(kept.name)})" if kept.name else ""
    return f"*{escape(kept.source)}*{named}: {escape(', '.join(kept.events), 300)}"


def _line(one: Happened, held: str, kept: Kept) -> str:
    news = one.news
    mark = ":no_entry_sign:" if held else ":white_check_mark:"
    if one.hidden and not kept.private:  # the answer to a mention may be read by others than who asks
        return f"{mark} something in a private repository: {escape(held)}"
    shown = news.headline or link("", news.resource or news.facts.repository)
    who = one.by or news.actor
    by = f" by {one_line(who, 60)}" if who else ""
    what = f"{news.feature} {news.facts.action}".strip().replace("_", " ")
    return f"{mark} {shown} · {escape(what)}{by}{f': {escape(held)}' if held else _open(kept, news)}"


def _open(kept: Kept, news: News) -> str:
    asked = to_ask(read(kept.filters), news)
    return f" (if {', '.join(ASKED[name] for name in sorted(asked))} will do: GitHub is asked)" if asked else ""


def _parts(title: str, lines: Sequence[str]) -> list[str]:
    """Lines in sections, none of which is longer than Slack takes."""
    parts = [title]
    for line in lines:
        if len(parts[-1]) + len(line) > 2800:
            parts.append(line)
        else:
            parts[-1] = f"{parts[-1]}\n{line}"
    return parts
