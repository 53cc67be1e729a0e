"""Where the page listens, and by which names a browser may ask for it."""

import ipaddress
import socket
from urllib.parse import urlsplit

PORT = 5010


class CannotListen(Exception):
    """The address or the port cannot be had; the words are for the terminal."""


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that is bound there; without a `port` it is `PORT`, or a free one where that is taken."""
    try:
        return _bound(host, PORT if port is None else port)
    except OSError as error:
        if port is not None:
            what = f"Port {port} is taken: choose another with --port, or leave it out for a free one."
            raise CannotListen(what if _exists(host) else _nowhere(host)) from error
    try:
        return _bound(host, 0)
    except OSError as error:
        raise CannotListen(_nowhere(host)) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_ours(asked: str, host: str) -> bool:
    """Whether a request's Host header names this page, which listens on `host`.

    A name that somebody else owns may lead here as well; a browser would let that one's pages read this one. An address
    belongs to nobody, so where the page listens for others it is enough.
    """
    try:
        name = urlsplit(f"//{asked}").hostname or ""
    except ValueError:
        return False
    if is_loopback(name) or name == host.casefold():
        return True
    return not is_loopback(host) and (_is_address(name) or name.partition(".")[0] == socket.gethostname().casefold())


def shown(host: str, port: int) -> str:
    """The address to open: one of this machine where the page listens on all."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        return f"http://{socket.gethostname()}:{port}"
    return f"http://[{host}]:{port}" if address.version == 6 else f"http://{host}:{port}"


def _bound(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    return socket.create_server(address[:2], family=family)


def _exists(host: str) -> bool:
    try:
        _bound(host, 0).close()
    except OSError:
        return False
    return True


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _nowhere(host: str) -> str:
    return f"This machine has no address {host}: leave --host out, or give one of its own."
