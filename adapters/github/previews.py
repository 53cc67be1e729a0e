"""What stands behind links to GitHub, each read by itself, in the shape in which webhooks tell of it. Reads only.

What is public is read as well where connect is a GitHub App that is not installed: any token of its will do there.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from adapters.errors import Invalid, NotFound
from adapters.github.addresses import Kind, Linked
from adapters.github.people import valid_login
from adapters.github.session import GitHubSession, valid_name

MOST_LINES = 20
"""As many lines of code are handed on; of more it is told how many there are."""
COMMENTS = 50
"""In one page of a panel."""
_WHOLE_SHA = 40
_DISCUSSION = """query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    discussion(number: $number) {
      databaseId number title url body closed answerChosenAt updatedAt
      author { login } category { name } labels(first: 20) { nodes { name } }
    }
  }
}"""


@dataclass(frozen=True)
class Code:
    """Lines of a file: as many of those from `first` to `last` as are shown, and how many `more` there are."""

    path: str
    ref: str
    first: int
    last: int
    text: str
    more: int


class Previews(GitHubSession):
    """The part of the client that reads what links lead to."""

    def repository_shown(self, full_name: str) -> dict[str, Any]:
        """Read a repository."""
        return self._look(full_name, read=_whole)

    def shown(self, linked: Linked) -> dict[str, Any]:
        """What a link leads to, but for its repository; raises `NotFound` if there is none, or no text."""
        readers: dict[Kind, Callable[[Linked], dict[str, Any]]] = {
            "ticket": self._ticket, "discussion": self._discussion, "comment": self._comment,
            "review_comment": self._review_comment, "review": self._review, "commit": self._commit,
            "lines": self._lines, "release": self._release, "run": self._run, "repository": lambda _: {},
            "account": self._account,
        }  # fmt: skip
        return readers[linked.kind](linked)

    def comments_shown(self, linked: Linked, total: int, start: int) -> tuple[list[dict[str, Any]], int | None]:
        """A page of the comments of an issue or a pull request, the newest first, and where the next one begins.

        There are `total`, of which the `start` newest were shown. GitHub lists them from the oldest on.
        """
        page = -(-total // COMMENTS) - start // COMMENTS
        if page < 1:
            return [], None
        where = ("issues", linked.number, "comments")
        found = self._look(linked.repository, *where, read=_listed, per_page=COMMENTS, page=page)
        return found[::-1], start + COMMENTS if page > 1 else None

    def _look[T](self, repository: str, *path: str | int, read: Callable[[Any], T], **query: Any) -> T:
        try:
            return self._of(repository, "GET", *path, read=read, **query)
        except NotFound as error:
            if error.code != "not_installed":
                raise
        owner, _, name = repository.partition("/")
        return self._at("GET", "repos", owner, name, *path, read=read, **query)

    def _ticket(self, linked: Linked) -> dict[str, Any]:
        issue = self._look(linked.repository, "issues", linked.number, read=_whole)
        if "pull_request" not in issue:
            return {"issue": issue}
        return {"pull_request": self._look(linked.repository, "pulls", linked.number, read=_whole)}

    def _discussion(self, linked: Linked) -> dict[str, Any]:
        """Discussions are to be had by GraphQL alone.

        https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
        """
        owner, _, name = valid_name(linked.repository).partition("/")
        wanted = {"owner": owner, "name": name, "number": linked.number}

        def ask(place: str) -> dict[str, Any]:
            return {"discussion": self._graph(place, _DISCUSSION, wanted, "repository", "discussion", read=_as_told)}

        try:
            return ask(linked.repository)
        except NotFound as error:
            if error.code != "not_installed":
                raise
        return ask("")

    def _comment(self, linked: Linked) -> dict[str, Any]:
        found = self._look(linked.repository, "issues", "comments", linked.ident, read=_whole)
        return {"comment": found, "issue": self._beneath(linked, found["issue_url"])}

    def _review_comment(self, linked: Linked) -> dict[str, Any]:
        found = self._look(linked.repository, "pulls", "comments", linked.ident, read=_whole)
        return {"comment": found, "issue": self._beneath(linked, found["pull_request_url"])}

    def _review(self, linked: Linked) -> dict[str, Any]:
        where = ("pulls", linked.number, "reviews", linked.ident)
        found = self._look(linked.repository, *where, read=_whole)
        return {"review": found, "issue": self._beneath(linked, found["pull_request_url"])}

    def _beneath(self, linked: Linked, url: str) -> dict[str, Any]:
        """What a comment belongs to, as it says itself: the number in a link may be any."""
        return self._look(linked.repository, "issues", url.rpartition("/")[2], read=_whole)

    def _commit(self, linked: Linked) -> dict[str, Any]:
        try:
            return {"commit": self._look(linked.repository, "commits", linked.ref, read=_commit)}
        except Invalid as error:  # what GitHub says of an id that no commit has
            raise NotFound(str(error), error.code) from error

    def _lines(self, linked: Linked) -> dict[str, Any]:
        """A branch's name may hold slashes: GitHub is asked where it ends if it is not the first word."""
        ref, _, path = linked.ref.partition("/")
        try:
            return self._code(linked, ref, path)
        except NotFound:
            ref = "" if len(ref) == _WHOLE_SHA else self._branch(linked)
            if not ref:
                raise
        return self._code(linked, ref, linked.ref.removeprefix(f"{ref}/"))

    def _code(self, linked: Linked, ref: str, path: str) -> dict[str, Any]:
        text = self._look(linked.repository, "contents", *path.split("/"), read=_text, ref=ref)
        every = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
        wanted = every[linked.first - 1 : linked.last]
        if not text or not wanted:
            raise NotFound("GitHub shows no such lines.")
        shown = wanted[:MOST_LINES]
        last = linked.first + len(wanted) - 1
        return {"code": asdict(Code(path, ref, linked.first, last, "\n".join(shown), len(wanted) - len(shown)))}

    def _branch(self, linked: Linked) -> str:
        """The branch, or else the tag, with whose name the path of a link begins; empty if there is none."""
        start = linked.ref.partition("/")[0]
        for kind in ("heads", "tags"):
            names = self._look(linked.repository, "git", "matching-refs", kind, start, read=_names)
            found = [name for name in names if linked.ref.startswith(f"{name}/")]
            if found:
                return max(found, key=len)
        return ""

    def _release(self, linked: Linked) -> dict[str, Any]:
        return {"release": self._look(linked.repository, "releases", "tags", linked.ref, read=_whole)}

    def _run(self, linked: Linked) -> dict[str, Any]:
        return {"workflow_run": self._look(linked.repository, "actions", "runs", linked.ident, read=_whole)}

    def _account(self, linked: Linked) -> dict[str, Any]:
        return {"account": self._at("GET", "users", valid_login(linked.ref), read=_whole)}


def _whole(raw: Mapping[str, Any]) -> dict[str, Any]:
    return dict(raw)


def _as_told(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A discussion as webhooks tell of one."""
    return {
        "id": raw["databaseId"], "number": raw["number"], "title": raw["title"], "html_url": raw["url"],
        "body": raw["body"], "state": "closed" if raw["closed"] else "open", "user": raw["author"],
        "category": raw["category"], "labels": raw["labels"]["nodes"], "answer_chosen_at": raw["answerChosenAt"],
        "updated_at": raw["updatedAt"],
    }  # fmt: skip


def _listed(raw: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(each) for each in raw]


def _commit(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Without the files themselves, which may be large."""
    kept = {key: raw[key] for key in ("sha", "html_url", "commit", "author", "stats")}
    return {**kept, "changed_files": len(raw.get("files") or ())}


def _text(raw: object) -> str:
    """The text of a file; raises `NotFound` for a folder, and for what is no text or too large to be shown."""
    file = cast("Mapping[str, Any]", raw) if isinstance(raw, dict) else dict[str, Any]()
    if file.get("type") != "file" or file.get("encoding") != "base64":
        raise NotFound("GitHub shows no text there.")
    found = base64.b64decode(str(file["content"]))
    if b"\0" in found:
        raise NotFound("This is no text.")
    return found.decode("utf-8", "replace")


def _names(raw: list[Mapping[str, Any]]) -> list[str]:
    return [str(each["ref"]).split("/", 2)[2] for each in raw]
