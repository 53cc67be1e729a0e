"""The way to one GitHub through PyGithub: a kept-alive connection per thread, one request per call, no more.

Whose call it is, is said with each: connect's token, that of a GitHub App's installation, or a person's own.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from functools import reduce
from math import ceil
from typing import Any, Literal, Protocol
from urllib.parse import quote

import github.Repository
from github import Auth, Github, GithubException

from adapters.errors import NotFound, Rejected, Unauthorized, Unavailable
from adapters.github.failures import LEAST_WAIT, MESSAGE_LIMIT, judged
from adapters.github.limits import Limits
from adapters.github.remembered import Remembered
from adapters.github.transport import Moved, Transport, mount

PER_PAGE = 100


class Way:
    """The connections to one GitHub, one for each thread; what its limits are and what it answered is shared."""

    def __init__(self, api_url: str, timeout: float, clock: Callable[[], float] = time.time) -> None:
        """`timeout` is in seconds, for a whole answer; `clock` gives seconds since 1970."""
        self.api_url = api_url.rstrip("/")
        self.timeout = timeout
        self.clock = clock
        self.limits = Limits(clock)
        self._remembered = Remembered()
        self._local = threading.local()

    def within(self, timeout: float) -> "Way":
        """The same GitHub for who has less time."""
        other = Way(self.api_url, timeout, self.clock)
        other.limits, other._remembered = self.limits, self._remembered
        return other

    def github(self, token: str) -> Github:
        """This thread's connection, used with this token from now on."""
        # PyGithub keeps the request of the moment in its connection, so two threads must not share one.
        if not hasattr(self._local, "github"):
            self._local.bearer = _Bearer()
            made = Github(
                auth=self._local.bearer,
                base_url=self.api_url,
                timeout=ceil(self.timeout),
                user_agent="connect",
                per_page=PER_PAGE,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
            mount(made, Transport(self.api_url, self.timeout, self.limits, self._remembered))
            self._local.github = made
        self._local.bearer.given = token
        return self._local.github


class _Bearer(Auth.Auth):
    given = ""

    @property
    def token_type(self) -> str:
        return "Bearer"

    @property
    def token(self) -> str:
        return self.given


class Tokens(Protocol):
    """Where the tokens of calls come from. `place` is a repository (`octo/app`), an owner (`octo`), or empty."""

    def of(self, place: str, way: Way) -> str:
        """The token for a place; raises an `AdapterError` if there is none."""
        ...

    def instead_of(self, refused: str, place: str, way: Way) -> str:
        """Another token for one that GitHub does not accept (any more); empty if there is none."""
        ...


class OneToken:
    """The same token everywhere."""

    def __init__(self, token: str) -> None:
        self._token = token

    def of(self, place: str, way: Way) -> str:  # noqa: ARG002
        return self._token

    def instead_of(self, refused: str, place: str, way: Way) -> str:  # noqa: ARG002
        return ""


class GitHubSession:
    """What the parts of the client call with. Every method raises `AdapterError`s only."""

    service: Literal["jira", "github"] = "github"
    name = ""

    def __init__(self, tokens: Tokens, way: Way) -> None:
        self._tokens = tokens
        self._way = way

    def _in[T](self, full_name: str, use: Callable[[github.Repository.Repository], T], *, write: bool) -> T:
        """Call `use` with a repository, and once more by its id if GitHub says that it moved."""
        valid_name(full_name)

        def call(there: Github) -> T:
            try:
                return use(there.get_repo(full_name))
            except Moved as moved:
                return use(there.get_repo(_new_place(there, full_name, moved)))

        return self._as(full_name, call, write=write)

    def _of[T](
        self, full_name: str, method: str, *path: str | int, read: Callable[[Any], T], body: Any = None,
        write: bool = False, **query: Any,
    ) -> T:  # fmt: skip
        """What `read` makes of the parsed JSON of an address below a repository, by its id if that moved.

        Segments of the path are quoted here; what `read` stumbles over counts as an answer that cannot be read.
        """
        valid_name(full_name)
        below = _joined(path)

        def call(there: Github) -> T:
            try:
                return read(_ask(there, method, f"/repos/{full_name}{below}", query, body))
            except Moved as moved:
                where = f"/repositories/{_new_place(there, full_name, moved)}{below}"
                return read(_ask(there, method, where, query, body))

        return self._as(full_name, call, write=write)

    def _at[T](
        self, method: str, *path: str | int, read: Callable[[Any], T], place: str = "", body: Any = None,
        write: bool = False, **query: Any,
    ) -> T:  # fmt: skip
        """The same of any other address; `place` says whose installation asks, if connect is a GitHub App."""
        where = _joined(path)
        return self._as(place, lambda there: read(_ask(there, method, where, query, body)), write=write)

    def _graph[T](
        self, place: str, query: str, variables: Mapping[str, Any], *path: str, read: Callable[[Any], T],
        write: bool = False,
    ) -> T:  # fmt: skip
        """What `read` makes of what a query or a mutation of GraphQL answers with, at a path in its `data`.

        On Enterprise Server that is `…/api/graphql` beside `…/api/v3`.
        https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
        """
        return self._as(place, lambda there: read(_granted(_asked(there, query, variables), path)), write=write)

    def _as[T](self, place: str, use: Callable[[Github], T], *, write: bool) -> T:
        """Call `use` with the token for a place, and once more if that is refused and there is another."""
        token, begun = self._tokens.of(place, self._way), time.monotonic()
        try:
            return self._once(token, use, write=write)
        except Unauthorized:
            # A sure no, so even a write may be made again; but not so late that its lease has run out.
            other = self._tokens.instead_of(token, place, self._way)
            if not other:
                raise
            if time.monotonic() - begun > self._way.timeout:
                raise Unavailable("GitHub wanted a new sign-in first, and that took too long.") from None
        return self._once(other, use, write=write)

    def _once[T](self, token: str, use: Callable[[Github], T], *, write: bool) -> T:
        with judged(write=write):
            return use(self._way.github(token))


def _ask(there: Github, method: str, where: str, query: Mapping[str, Any], body: Any) -> Any:
    _, found = there.requester.requestJsonAndCheck(method, where, parameters=dict(query) or None, input=body)
    return found


def _new_place(there: Github, full_name: str, moved: Moved) -> int:
    """The id of a repository that has another name now.

    An issue that was transferred points to another repository too, but the repository itself does not: what has its
    number there is something else. Raises `NotFound` for that.
    https://docs.github.com/en/rest/issues/issues#get-an-issue
    """
    try:
        _ask(there, "GET", f"/repos/{full_name}", {}, None)
    except Moved as whole:
        if whole.repository_id == moved.repository_id:
            return moved.repository_id
    raise NotFound("It was transferred to another repository.", "transferred")


def _asked(there: Github, query: str, variables: Mapping[str, Any]) -> Any:
    asked = {"query": query, "variables": dict(variables)}
    return there.requester.requestJsonAndCheck("POST", there.requester.graphql_url, input=asked)[1]


def _granted(raw: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """What stands there in the `data` of an answer.

    GraphQL answers a refusal with 200, and whatever was not done stands among `errors`.
    https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
    """
    errors: list[Mapping[str, Any]] = raw.get("errors") or []
    if not errors:
        return reduce(lambda found, name: found[name], path, raw["data"])
    kind, said = str(errors[0].get("type") or ""), " ".join(str(errors[0].get("message") or "").split())[:MESSAGE_LIMIT]
    if kind == "RATE_LIMITED" or "rate limit" in said.lower():
        raise Unavailable(f"GitHub asks connect to wait: {said}", LEAST_WAIT)
    if not kind and said.startswith("Something went wrong"):
        raise GithubException(502, {"message": said})  # what it says when it ran out of time, whatever it had done
    if kind == "NOT_FOUND":
        raise NotFound(f"GitHub does not have this, or the token may not see it: {said}", "404")
    raise Rejected(f"GitHub refused: {said}", "403" if kind == "FORBIDDEN" else kind.lower())


def is_repository(full_name: str) -> bool:
    """Whether this can be a repository's full name; anything else never becomes part of an address."""
    named = re.fullmatch(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", full_name)
    return named is not None and ".." not in full_name and "." not in full_name.split("/")


def valid_name(full_name: str) -> str:
    """A repository's full name as it is; raises `NotFound` for what cannot be one."""
    if not is_repository(full_name):
        raise NotFound(f"{full_name[:100]!r} is not the name of a GitHub repository (it looks like octo/app).")
    return full_name


def _joined(path: tuple[str | int, ...]) -> str:
    # Quoting leaves dots alone, and urllib3 resolves "." and ".." before it sends.
    segments = [str(segment) for segment in path]
    if any(segment in ("", ".", "..") for segment in segments):
        raise NotFound("GitHub has nothing of that name.")
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)
