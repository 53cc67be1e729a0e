"""Which addresses are Slack's own: what a request body names is called, and shown the token, only if it is."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_of_slack(url: str, host: str, *, local: bool) -> bool:
    """Whether the address is at this host of Slack's; `local`: at the stand-in, so that any loopback one is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if local and is_loopback(parts.hostname):
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and parts.hostname == host and port in (None, 443)


def is_loopback(host: str | None) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
