"""What the renderers of GitHub's events share: who did it, where, what filters look at, and how news is put together.

Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads. A renderer never raises, whatever is null in
them; an event without the names or numbers that say what it is about is no news.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.document import Mention
from adapters.github.markup import read_markdown
from bot.message import Message, code, link, one_line
from bot.payload import Payload, flag, mapping, objects, text, texts
from bot.renderers.news import Facts, News
from bot.renderers.parts import EXCERPT_BLOCKS, excerpt, phrase, who

BODY_READ = 5000  # An excerpt needs no more, and a parser no longer text.
TITLE_LIMIT = 150
KEY, DOER, OWN = "connect", "doer", "own"
"""What connect itself knows is beneath this key of a payload (`bot.renderers.github_known`); so is the name of the
person in Slack at whose wish its account did what the event tells of."""
YOUNG_SECONDS = 60
"""For how long after a thing was opened its labels, assignees and reviewers count as a part of the opening."""


def facts(payload: Payload, resource: Payload, author: str = "user", **known: Any) -> Facts:
    """What filters look at: `author` names the key of who made the resource, `known` is what only the event knows."""
    made = Facts(
        author=text(resource, author, "login"),
        bot=is_bot(mapping(resource, author)),
        labels=frozenset(texts(resource, "labels", key="name")),
        draft=flag(resource, "draft"),
        action=text(payload, "action"),
        type=text(resource, "type", "name"),
        assignee=names_of(*objects(resource, "assignees")),
        actors=_actors(mapping(payload, "sender")),
    )
    made = replace(made, **known)
    return replace(made, default_branch=bool(made.base) and made.base == text(payload, "repository", "default_branch"))


def news(payload: Payload, feature: str, given: Facts, **said: Any) -> News:
    """A piece of news with what every event tells: who did it, and the action as a topic."""
    sender = mapping(payload, "sender")
    told: dict[str, Any] = {
        "resource": "", "card": None, "line": None, "facts": given, "actor": text(sender, "login"),
        "actor_id": text(sender, "id"), "topics": frozenset({given.action} if given.action else ()),
        "label": label_of(payload),
    }  # fmt: skip
    return News(feature=feature, **(told | said))


def message(payload: Payload, feature: str, said: str, given: Facts | None = None, **more: Any) -> News:
    """News that is one message in the channel, without a card."""
    return news(payload, feature, given or facts(payload, {}), line=Message(said), **more)


def label_of(payload: Payload) -> str:
    """The label that was added or removed, as `code`; empty if the event is of none."""
    return code(text(payload, "label", "name")) if text(payload, "action") in ("labeled", "unlabeled") else ""


def is_bot(account: Payload) -> bool:
    """Whether an account is a program."""
    return text(account, "type") == "Bot"


def names_of(*accounts: Payload) -> frozenset[str]:
    """The logins and ids of accounts, as filters know them."""
    return frozenset(found for account in accounts for key in ("login", "id") if (found := text(account, key)))


def team_name(payload: Payload, team: Payload) -> str:
    """A team of the repository's owner as filters name it: `acme/core`; empty if there is none."""
    owner, slug = text(payload, "repository", "full_name").partition("/")[0], text(team, "slug")
    return f"{owner}/{slug}" if owner and slug else ""


def _actors(sender: Payload) -> frozenset[str]:
    return names_of(sender) | frozenset(("bots", "automation") if is_bot(sender) else ())


def actor(payload: Payload) -> str:
    """Who did it, in bold: the person in Slack at whose wish connect's account did, if it is known."""
    return who(text(payload, KEY, DOER) or text(payload, "sender", "login"))


def sentence(payload: Payload, did: str) -> Message | None:
    """`*ada* did this`; None if there is nothing to say."""
    return Message(f"{actor(payload)} {did}") if did else None


def reference(payload: Payload, resource: Payload) -> str:
    """`octo/app#7`; empty if the payload does not say."""
    repository, number = text(payload, "repository", "full_name"), text(resource, "number")
    return f"{repository}#{number}" if repository and number else ""


def headline(payload: Payload, resource: Payload) -> str:
    """A pull request, an issue or a discussion as a link."""
    name = reference(payload, resource)
    title = text(resource, "title") or "Untitled"
    return link(text(resource, "html_url"), f"{name} {title}".replace("*", "∗"), TITLE_LIMIT) if name else ""


def ticket_link(ticket: Payload, repository: str = "") -> str:
    """Another issue as a link: its number and title."""
    label = f"{repository}#{text(ticket, 'number')} {text(ticket, 'title') or 'Untitled'}"
    return link(text(ticket, "html_url"), label.replace("*", "∗"), 100)


def repository_link(payload: Payload) -> str:
    """The repository's full name as a link; empty if the event is of no repository."""
    return link(text(payload, "repository", "html_url"), text(payload, "repository", "full_name"), 140)


def branches(pull: Payload) -> tuple[str, str]:
    """The branch that a pull request comes from, with its owner if that is a fork's (`mona:main`), and whither it goes.

    Either is empty if it is not told.
    """
    head, base = (text(pull, end, "ref") for end in ("head", "base"))
    owner, into = (text(pull, end, "label").rpartition(":")[0] for end in ("head", "base"))
    return f"{owner}:{head}" if head and owner and into and owner != into else head, base


def in_repository(payload: Payload) -> str:
    """` in octo/app`, the end of a sentence."""
    return phrase(" in", repository_link(payload))


def body(resource: Payload, mentions: Callable[[Mention], str | None] | None = None) -> str:
    """The first lines of a resource's Markdown text; `mentions` as for `write_mrkdwn`."""
    return excerpt(read_markdown(text(resource, "body")[:BODY_READ], EXCERPT_BLOCKS), mentions)


def with_text(opening: str, words: str) -> str:
    """`ada commented:` and the words beneath, or the opening alone."""
    return f"{opening}:\n{words}" if words else opening


def offer(url: str, label: str) -> str:
    """A link, or nothing if the address is none."""
    offered = link(url, label)
    return offered if offered.startswith("<") else ""


def linked(url: str, words: str) -> str:
    """Words of our own as a link, or plain if the address is none."""
    return offer(url, words) or one_line(words, 100)


def is_young(ticket: Payload) -> bool:
    """Whether it was opened just now: what comes with the opening needs no words, since the card shows it."""
    made, changed = moment(text(ticket, "created_at")), moment(text(ticket, "updated_at"))
    return made is not None and changed is not None and 0 <= changed - made <= YOUNG_SECONDS


def moment(given: str) -> float | None:
    """A time of GitHub's in seconds since 1970; None if it is none."""
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        return None
    return read.timestamp() if read.tzinfo else None
