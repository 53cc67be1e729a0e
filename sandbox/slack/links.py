"""Links: what Slack tells of those that people post, `chat.unfurl`, and the panels of Work Objects (`entity.*`).

https://docs.slack.dev/messaging/work-objects-implementation
"""

import re
from typing import Any, cast
from urllib.parse import urlsplit

from sandbox import blocks as kit
from sandbox.slack import wire
from sandbox.slack.chat import Arguments, invalid
from sandbox.slack.wire import APP_ID, BOT_ID, BOT_USER, Conversation, Json, Refusal
from sandbox.slack.workspace import Workspace

_LINK = re.compile(r"<(https?://[^>|]+)")
ENTITY_TYPES = frozenset(f"slack#/entities/{name}" for name in ("task", "file", "item", "incident", "content_item"))
COLOURS = frozenset({"red", "yellow", "green", "gray", "blue"})
ERRORS = frozenset({"restricted", "internal_error", "not_found", "custom", "custom_partial_view", "timeout"})


def links_in(slack: Workspace, text: str) -> list[Json]:
    """The links in a text that the app is told of, as its event lists them."""
    urls = dict.fromkeys(_urls(text))
    return [{"url": url, "domain": host(url)} for url in urls if host(url) in slack.links.domains]


def host(url: str) -> str:
    """The host of a link."""
    return urlsplit(url).hostname or ""


def _urls(text: str) -> list[str]:
    found: list[str] = _LINK.findall(text)
    return [url.replace("&amp;", "&") for url in found]


def tell_of_links(slack: Workspace, place: Conversation, message: Json) -> None:
    """Tell the app of the links in a message that somebody has posted, also where it is no member."""
    links = links_in(slack, message["text"])
    if not links or "links:read" not in slack.scopes:
        return
    event: Json = {
        "type": "link_shared", "user": message["user"], "channel": place.id, "message_ts": message["ts"],
        "is_bot_user_member": BOT_USER in place.members, "source": "conversations_history",
        "unfurl_id": f"{place.id}.{message['ts']}.{slack.next_id():08d}", "links": links, "event_ts": slack.next_ts(),
    }  # fmt: skip
    slack.emit(event | ({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}))


def unfurl(slack: Workspace, arguments: Arguments) -> Json:
    """`chat.unfurl`, for a message that was posted: the previews of its links, each in the place of an earlier one."""
    place = slack.channels.get(arguments.text("channel", ""))
    if arguments.text("unfurl_id", ""):
        raise Refusal("invalid_unfurl_id")  # the stand-in gives them out and takes none: connect does not use them
    if place is None:
        raise Refusal("cannot_find_channel")
    message = slack.message(place, arguments.text("ts", ""))
    if message is None:
        raise Refusal("cannot_find_message")
    given, metadata = arguments.value("unfurls"), arguments.value("metadata")
    if not given and not metadata:
        raise Refusal("missing_unfurls")
    shown = {**_cards(given or {}), **(_entities(slack, metadata) if metadata else {})}
    posted = _urls(message["text"])
    for url in shown:
        if host(url) not in slack.links.domains:
            raise Refusal("cannot_unfurl_url")
        if url not in posted:
            raise Refusal("cannot_unfurl_message")
    _attach(slack, place, message, shown)
    return {}


def _attach(slack: Workspace, place: Conversation, message: Json, shown: dict[str, Json]) -> None:
    kept = {each["app_unfurl_url"]: each for each in message.get("attachments", [])}
    for url, content in shown.items():
        whose: Json = {"app_id": APP_ID, "bot_id": BOT_ID, "app_unfurl_url": url, "from_url": url}
        kept[url] = whose | {"is_app_unfurl": True} | content
    slack.beneath(place, message, attachments=[each | {"id": at} for at, each in enumerate(kept.values(), 1)])


def _cards(given: Any) -> dict[str, Json]:
    unfurls: dict[str, Json] = _object({"unfurls": given}, "unfurls")
    if bool(given) != bool(unfurls) or not all(_object(unfurls, url).get("blocks") for url in unfurls):
        raise Refusal("invalid_unfurls_format")
    for each in unfurls.values():
        found = kit.problems(each["blocks"], "message")
        found += ["unsupported type: rich_text"] if any(b.get("type") == "rich_text" for b in each["blocks"]) else []
        if found:
            raise Refusal("invalid_blocks", errors=found)
    return {url: {"blocks": wire.identified(each["blocks"])} for url, each in unfurls.items()}


# --- Work Objects ----------------------------------------------------------------------------------------------------


def _entities(slack: Workspace, metadata: Any) -> dict[str, Json]:
    if not slack.links.work_objects:
        raise Refusal("feature_not_enabled")
    entities = _object({"metadata": metadata}, "metadata").get("entities")
    if not isinstance(entities, list) or not entities:
        raise Refusal("invalid_metadata_format")
    listed = cast("list[Json]", entities)
    if not all(each.get("app_unfurl_url") for each in listed):
        raise Refusal("invalid_metadata_schema")
    # How messages show a Work Object to apps is not documented.
    return {each["app_unfurl_url"]: {"entity": checked(each)} for each in listed}


def checked(entity: Json) -> Json:
    """A Work Object as Slack's documentation wants it; raises `Refusal`."""
    payload = _object(entity, "entity_payload")
    sound = (
        entity.get("entity_type") in ENTITY_TYPES
        and str(entity.get("url", "")).startswith("http")
        and bool(_object(entity, "external_ref").get("id"))
        and bool(_object(_object(payload, "attributes"), "title").get("text"))
        and all(map(_sound, _object(payload, "fields").values()))
    )
    if not sound:
        raise Refusal("invalid_metadata_schema")
    return entity


def _object(container: Json, key: str) -> Json:
    value: object = container.get(key)
    return cast("Json", value) if isinstance(value, dict) else {}


def _sound(field: Json) -> bool:
    kind, value = field.get("type", ""), field.get("value")
    if kind == "slack#/types/user":
        return len({"text", "user_id"} & set(_object(field, "user"))) == 1
    if kind == "slack#/types/date":
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)))
    return value not in (None, "") and field.get("tag_color", "blue") in COLOURS


def present_details(slack: Workspace, arguments: Arguments) -> Json:
    """`entity.presentDetails`: what the panel shows to the person who opened it."""
    panel, error, entity = _panel(slack, arguments), arguments.value("error"), arguments.value("metadata")
    if error is None and entity is None:
        raise Refusal("missing_metadata")
    if error is not None:
        panel["error"] = _error(error)
    else:
        checked(entity)
        if "app_unfurl_url" in entity or entity["external_ref"]["id"] != panel["external_ref"]["id"]:
            raise Refusal("entity_metadata_does_not_match_trigger")
        panel["entity"] = entity
    return {}


def present_comments(slack: Workspace, arguments: Arguments) -> Json:
    """`entity.presentComments`: a page of comments in the panel."""
    panel, comments, error = _panel(slack, arguments), arguments.value("comments"), arguments.value("error")
    if not isinstance(comments, list):
        raise invalid("missing required field: comments")
    for each in cast("list[Json]", comments):
        if not all(each.get(name) for name in ("id", "sender", "timestamp", "comment")):
            raise invalid("must have id, sender, timestamp and comment [json-pointer:/comments]")
    panel |= {"comments": comments, "cursor": arguments.text("cursor", "")}
    panel |= {"error": _error(error)} if error is not None else {}
    return {}


def _panel(slack: Workspace, arguments: Arguments) -> Json:
    if not slack.links.work_objects:
        raise Refusal("feature_not_enabled")
    if arguments.text("trigger_id") not in slack.links.panels:
        raise Refusal("invalid_trigger_id")
    return slack.links.panels[arguments.text("trigger_id")]


def _error(given: Any) -> Json:
    if not isinstance(given, dict) or cast("Json", given).get("status") not in ERRORS:
        raise invalid("unknown status [json-pointer:/error/status]")
    return cast("Json", given)
