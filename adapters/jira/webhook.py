"""From Jira's signed request to a `Webhook`: the signature is checked over the raw bytes before anything is parsed.

Whatever the body holds, the outcome is a `Webhook`, `BadSignature` or `Malformed`: junk never raises anything else.
https://developer.atlassian.com/cloud/jira/platform/webhooks/
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from adapters.jira.issue import KEY, Site
from adapters.jira.reading import mapping, string
from adapters.webhook import Malformed, Webhook, parse_object, verify_sha256

SITE_HEADER = "X-Connect-Site"
_EVENT = re.compile(r"[A-Za-z0-9_:.-]{1,100}")
_IDENTIFIER = re.compile(r"[!-~]{1,200}")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]+")


def parse(headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Webhook:
    """Verify and read a webhook. Raises `BadSignature` or `Malformed`.

    `delivery_id` is Jira's identifier, which stays the same over its retries; Data Center sends none, so there it is
    the hash of the body. The header `X-Connect-Site`, which the door writes, names the site unless it is the main one.
    """
    given = {name.casefold(): value for name, value in headers.items()}
    verify_sha256(body, given.get("x-hub-signature"), secrets)
    payload = parse_object(body)
    event = payload.get("webhookEvent")
    if not isinstance(event, str) or not _EVENT.fullmatch(event):
        raise Malformed("The body names no webhookEvent.")
    delivery_id = given.get("x-atlassian-webhook-identifier") or hashlib.sha256(body).hexdigest()
    if not _IDENTIFIER.fullmatch(delivery_id):
        raise Malformed("The webhook's identifier is unreadable.")
    site = Site("", given.get(SITE_HEADER.casefold(), ""))
    issue, project = site.qualified(_issue_key(payload)), site.qualified(_project_key(payload))
    return Webhook("jira", delivery_id, event, issue, project, payload)


def _issue_key(payload: Mapping[str, Any]) -> str:
    key = string(mapping(payload.get("issue")).get("key"))
    return key if KEY.fullmatch(key) else ""


def _project_key(payload: Mapping[str, Any]) -> str:
    fields = mapping(mapping(payload.get("issue")).get("fields"))
    for project in (fields.get("project"), payload.get("project")):
        key = string(mapping(project).get("key"))
        if _PROJECT.fullmatch(key):
            return key
    return _issue_key(payload).rpartition("-")[0]
