"""What connect says about security alerts and advisories: for private channels, never with what is secret in them."""

from functools import partial

from bot.message import code, link, one_line, strong
from bot.payload import Payload, mapping, text
from bot.renderers.github_parts import actor, facts, in_repository, message
from bot.renderers.news import News, Renderer
from bot.renderers.parts import dotted, phrase

OPEN, DONE = "🛡️", "✅"

DEPENDABOT = {
    "created": (OPEN, "found"),
    "reopened": (OPEN, "reopened"),
    "reintroduced": (OPEN, "found again"),
    "auto_reopened": (OPEN, "reopened by itself"),
    "fixed": (DONE, "fixed"),
    "dismissed": (DONE, "dismissed"),
    "auto_dismissed": (DONE, "dismissed by itself"),
}
CODE_SCANNING = {
    "created": (OPEN, "found"),
    "appeared_in_branch": (OPEN, "found in another branch"),
    "reopened": (OPEN, "found again"),
    "reopened_by_user": (OPEN, "reopened"),
    "fixed": (DONE, "fixed"),
    "closed_by_user": (DONE, "dismissed"),
}
SECRET_SCANNING = {
    "created": (OPEN, "found"),
    "reopened": (OPEN, "reopened"),
    "publicly_leaked": (OPEN, "found in public"),
    "validated": (OPEN, "checked"),
    "assigned": (OPEN, "assigned"),
    "unassigned": (OPEN, "unassigned"),
    "resolved": (DONE, "resolved"),
}
ADVISORIES = {"published": (OPEN, "published"), "reported": (OPEN, "reported")}
"""By action: the emoji, and what happened as the end of "Dependabot alert …"."""


def dependabot(did: tuple[str, str], payload: Payload) -> News | None:
    """A dependency with a known weakness."""
    alert = mapping(payload, "alert")
    package = text(alert, "dependency", "package", "name") or text(alert, "security_vulnerability", "package", "name")
    summary = text(alert, "security_advisory", "summary")
    severity = text(alert, "security_advisory", "severity") or text(alert, "security_vulnerability", "severity")
    fixed_in = text(alert, "security_vulnerability", "first_patched_version", "identifier")
    details = (
        phrase("in", code(package)), phrase("of", code(text(alert, "dependency", "manifest_path"), 80)),
        phrase("· fixed in", code(fixed_in)),
    )  # fmt: skip
    return _told(payload, "Dependabot alert", did, summary, severity, " ".join(filter(None, details)))


def code_scanning(did: tuple[str, str], payload: Payload) -> News | None:
    """A weakness in the code itself."""
    alert = mapping(payload, "alert")
    rule = mapping(alert, "rule")
    severity = text(rule, "security_severity_level") or text(rule, "severity")
    where = text(alert, "most_recent_instance", "location", "path")
    summary = text(rule, "description") or text(rule, "name") or text(rule, "id")
    return _told(payload, "Code scanning alert", did, summary, severity, phrase("in", code(where, 80)))


def secret_scanning(did: tuple[str, str], payload: Payload) -> News | None:
    """A secret in the code: its kind, never itself."""
    alert = mapping(payload, "alert")
    kind = text(alert, "secret_type_display_name") or text(alert, "secret_type").replace("_", " ")
    validity = text(alert, "validity") if text(payload, "action") == "validated" else ""
    reason = text(alert, "resolution").replace("_", " ") if text(payload, "action") == "resolved" else ""
    details = dotted(phrase("validity", code(validity)), phrase("as", code(reason)))
    return _told(payload, "Secret scanning alert", did, kind, "", details)


def advisory(did: tuple[str, str], payload: Payload) -> News | None:
    """A weakness that the repository itself tells of, or is told of."""
    given = mapping(payload, "repository_advisory")
    return _told(
        {**payload, "alert": given}, "Security advisory", did, text(given, "summary"), text(given, "severity"), ""
    )


def _told(payload: Payload, what: str, did: tuple[str, str], summary: str, severity: str, details: str) -> News | None:
    alert = mapping(payload, "alert")
    if not alert or not text(payload, "repository", "full_name"):
        return None
    emoji, word = did
    weight = one_line(severity.replace("*", ""), 20)
    name = link(text(alert, "html_url"), summary or what)
    opening = f"{emoji} {what} {word}" + (f" by {actor(payload)}" if _by_hand(payload) else "") + in_repository(payload)
    said = "\n".join([opening, dotted(strong(weight.capitalize()), " ".join(filter(None, (name, details))))])
    given = facts(payload, alert, "author", state=text(alert, "state"))
    return message(payload, "security", said, given, private=True, uid="")


def _by_hand(payload: Payload) -> bool:
    """Whether it is a person's doing, and not what a program found."""
    return text(payload, "action") in ("dismissed", "closed_by_user", "reopened_by_user", "resolved", "assigned")


EVENTS: dict[str, Renderer] = {
    **{f"dependabot_alert.{action}": partial(dependabot, did) for action, did in DEPENDABOT.items()},
    **{f"code_scanning_alert.{action}": partial(code_scanning, did) for action, did in CODE_SCANNING.items()},
    **{f"secret_scanning_alert.{action}": partial(secret_scanning, did) for action, did in SECRET_SCANNING.items()},
    **{f"repository_advisory.{action}": partial(advisory, did) for action, did in ADVISORIES.items()},
}
