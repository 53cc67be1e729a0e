"""A form that is opened from a message: what it takes along, kept until it is sent, and what is made of it then.

The promise kept here: a message that nobody has changed in the form goes to Jira as it was written, all of it.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from adapters.document import Document
from adapters.slack.markup import read_message
from bot.flows.asker import Asker
from bot.flows.drafts import keep
from bot.flows.files import size_of
from bot.modals import source
from bot.modals.elements import State, Values, ticked
from bot.operations.files import files_of, largest_file
from bot.payload import mapping, text
from bot.services import Services


def taken(
    services: Services, asker: Asker, body: Mapping[str, Any], author: str
) -> tuple[dict[str, Any], Document, Document]:
    """What a form keeps of the message of a shortcut, the message's words, and as many of them as the form shows.

    Kept are its `place`, `author` and `link`, and what is to be said of its files and its length; the message itself
    is under the form's id (`form`).
    """
    message, form = mapping(body, "message"), secrets.token_hex(6)
    document = read_message(message)
    shown, (files, too_large) = source.prefilled(document), _fitting(services, message)
    meta = {
        "form": form, "place": f"{asker.channel}/{text(message, 'ts')}", "author": author,
        "link": _link(body, asker), "files_label": _label(files), "too_large": too_large, "long": shown != document,
    }  # fmt: skip
    kept: dict[str, Any] = {"text": text(message, "text"), "blocks": message.get("blocks") or []}
    keep(services, asker.user, form, message=kept, prefilled=source.words_of(source.rich(shown)), files=files)
    return {name: value for name, value in meta.items() if value}, document, shown


def words(state: State, draft: Mapping[str, Any]) -> dict[str, Any]:
    """The message as a row's payload has it: as it was, if nobody has changed that in the form, or what was typed."""
    if draft.get("message") and source.words_of(state) == draft.get("prefilled"):
        return draft["message"]
    rich = mapping(state, "rich_text_value")
    return {"text": "", "blocks": [dict(rich)] if rich else []}


def files(values: Values, draft: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The message's files, if they are to go along."""
    return draft.get("files", []) if ticked(values, source.WITH_FILES) else []


def _link(body: Mapping[str, Any], asker: Asker) -> str:
    """The address of the message that a shortcut is about, as Slack itself makes it: connect may not be in the channel
    to ask for it.
    """
    domain, ts = text(body, "team", "domain"), text(body, "message", "ts")
    return f"https://{domain}.slack.com/archives/{asker.channel_id}/p{ts.replace('.', '')}" if domain else ""


def _fitting(services: Services, message: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """The message's files that may be taken along, and the names of those that are too large."""
    found, limit = files_of(message), largest_file(services)
    large = [file["name"][:40] for file in found if file["size"] > limit]
    return [file for file in found if file["size"] <= limit], ", ".join(large)[:200]


def _label(found: list[dict[str, Any]]) -> str:
    if not found:
        return ""
    what = f"the file {found[0]['name'][:40]}" if len(found) == 1 else f"the {len(found)} files"
    return f"Attach {what} ({size_of(found)})"
