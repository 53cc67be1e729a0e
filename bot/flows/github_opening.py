"""Issues that people open on GitHub: what they ask for, and what follows.

The issue's card stands in the thread of the message it was made of, and what is said there and on GitHub is one
conversation from then on. Of a private repository nothing is shown where others might see it: its opener alone is told.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import AdapterError, Invalid
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows import answered, away, requests
from bot.flows.answered import cause_of, in_form
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import given_back, tell
from bot.flows.telling import card_key
from bot.message import BlockDict, Message, escape, link, section, strong
from bot.modals import open_issue as modal
from bot.modals.open_issue import TITLE_LIMIT
from bot.modals.waiting import Wait
from bot.renderers.news import News
from bot.renderers.registry import render_github
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping

LEFT_OUT = " GitHub left out its {}: that takes a higher role there{}."
NO_TYPE = ", or its owner has no such type"


def request(key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for an issue.

    `payload`: `origin` (modal, command), `requester`, `team`, `repository`, `title`, `channel`, `parts` (of `kind`:
    `rich` with a `message`, `text`, `markdown`, `code`, `boxes`; each may have a `label`), and where known `thread` and
    `place` (qualified), `labels`, `assignees`, `milestone`, `type`, `usual` (those of the template), `view_id`, `form`,
    `response_url`, `written_by` (a name) and `link` of the message that it is made of.
    """
    return NewIntegration(
        operation="create_issue",
        key=key,
        ordering_key=f"create:{key}",
        source_service="slack",
        target_service="github",
        event_type=event,
        source_id=payload.get("thread") or payload.get("channel") or payload["requester"],
        target_id=payload["repository"],
        payload=payload,
    )


def created(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What follows from an issue's creation: mapping, card, and the answer to whoever opened it."""
    if "body" in row.payload:
        return requests.github_issue_created(row, data)
    news = render_github("issues.opened", data["told"])
    shown = news if news is not None and not data["hidden"] else None
    sentence = _sentence(row, data, shown)
    said = Message(sentence, [section(f":white_check_mark: {sentence}")])
    told = tell(row.payload, f"{row.key}:told", cause_of(row), said)
    answer = in_form(row, modal.created_view(sentence), asdict(told) if told else None) or told
    card = _card(row, shown, data["url"]) if shown else None
    mappings = (_thread(row, shown, data["url"]),) if shown and row.payload.get("thread") else ()
    return Consequences(mappings, tuple(new for new in (card, answer) if new))


def card_for_step(row: Integration, data: Mapping[str, Any]) -> tuple[NewIntegration, ...]:
    """The issue's card in the channel that a workflow's step names, if it names one."""
    news = render_github("issues.opened", data["told"]) if row.payload["channel"] and not data["hidden"] else None
    card = _card(row, news, data["url"]) if news else None
    return (card,) if card else ()


def _sentence(row: Integration, data: Mapping[str, Any], shown: News | None) -> str:
    name = link(data["url"], f"{data['resource']} {row.payload['title']}", TITLE_LIMIT)
    where = "" if shown else " Its repository is private, and others see this place, so I show nothing of it here."
    names, untyped = " and ".join(data["left_out"]), NO_TYPE if "type" in data["left_out"] else ""
    left_out = LEFT_OUT.format(names, untyped) if names else ""
    return f"Created {name}.{where}{left_out}"


def _thread(row: Integration, news: News, url: str) -> NewMapping:
    there = ("github", news.resource)
    extra = {"url": url}
    return NewMapping("thread", "slack", row.payload["thread"], *there, f"github/{news.uid}", extra)


def _card(row: Integration, news: News, url: str) -> NewIntegration | None:
    channel, thread = row.payload["channel"] or row.payload["requester"], row.payload.get("thread", "")
    if news.card is None:
        return None
    about = {
        "service": "github", "resource": news.resource, "uid": news.uid, "version": news.version, "url": url,
        "origin": "slack", "thread": thread,
    }  # fmt: skip
    payload = {"channel": channel, "thread_ts": thread.rpartition("/")[2], "card": about}
    key, order = card_key(channel, "github", news.resource), f"{channel}:{news.resource}"
    return to_slack("post_message", key, order, cause_of(row), thread or channel, payload, news.card)


def waiting(row: Integration, wait: Wait) -> Consequences:
    """What follows when GitHub is not there: whoever asked is told that what they typed is kept."""
    title = row.payload["title"]
    view = in_form(row, modal.waiting_view(title, wait), word="waiting")
    if view is None:
        return away.told(row, wait, strong(title, 255), "created")
    return Consequences(integrations=(view,))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """What follows when there will be no issue: whoever asked is told why, with all they typed."""
    if "body" in row.payload:
        return Consequences()
    fields = error.fields if isinstance(error, Invalid) else {}
    details = "".join(f" {name}: {reason}" for name, reason in fields.items() if reason not in str(error))
    sentence = f"The issue was not created. {escape(f'{error}{details}')}"
    said = Message(sentence, [section(f":warning: {sentence}"), *asked_for(row)])
    return answered.refused(row, error, modal.GITHUB_NAMES, said)


def asked_for(row: Integration) -> list[BlockDict]:
    """What was asked for, so that it can be sent again."""
    payload = row.payload
    words = [f"{payload['repository']} {payload['title']}"]
    words += [_plain(part) for part in payload["parts"]]
    return given_back("\n".join(each for each in words if each), "You asked for: ")


def _plain(part: Mapping[str, Any]) -> str:
    if part["kind"] == "boxes":
        said = ", ".join(part["options"][number] for number in part["ticked"])
    else:
        said = to_text(read_message(part["message"])) if part["kind"] == "rich" else str(part["text"])
    return f"{part['label']}: {said}" if part.get("label") and said else said
