"""What a visitor does to issues and pull requests on GitHub, as one of the people there."""

from collections.abc import Callable
from typing import Any

from sandbox.github.shapes import Json
from sandbox.github.state import Pull, Repo, Ticket
from sandbox.page import github_code
from sandbox.page.github_code import branch_in, repo_in, words
from sandbox.page.given import Impossible, flag, number, text
from sandbox.playground import Playground

REVIEWS = ("approved", "changes_requested", "commented")
REASONS = ("completed", "not_planned", "duplicate")


def _open_pull_request(playground: Playground, given: Json) -> int:
    repo = repo_in(playground, given)
    head, base = branch_in(repo, text(given, "head")), branch_in(repo, text(given, "base", repo.default_branch))
    if head == base:
        raise Impossible(f"There is nothing to compare: both ends are {head}. Choose another branch.")
    for each in repo.tickets.values():
        if each.pull and (each.pull.head, each.state) == (head, "open"):
            raise Impossible(f"#{each.number} is open for {head} already.")
    return playground.github.open_pull_request(
        repo.full_name, words(given, "title"), text(given, "author"), head, base,
        draft=flag(given, "draft"), body=text(given, "body", ""),
    )  # fmt: skip


def _open_issue(playground: Playground, given: Json) -> int:
    name = repo_in(playground, given).full_name
    return playground.github.open_issue(name, words(given, "title"), text(given, "author"), text(given, "body", ""))


def _edit(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    wanted = {"title": words(given, "title")} | ({"body": text(given, "body")} if "body" in given else {})
    playground.github.edit(repo, ticket, playground.github.person(text(given, "by")), wanted)


def _close(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    if ticket.pull:
        playground.github.close_pull_request(repo.full_name, ticket.number, text(given, "by"))
        return
    reason = text(given, "reason", "completed")
    if reason not in REASONS:
        raise Impossible("Choose why it is closed.")
    playground.github.close_issue(repo.full_name, ticket.number, reason, text(given, "by"))


def _reopen(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    if ticket.pull and ticket.pull.merged_at is not None:
        raise Impossible("A merged pull request cannot be opened again.")
    playground.github.reopen(repo, ticket, playground.github.person(text(given, "by")))


def _merge(playground: Playground, given: Json) -> None:
    repo, ticket, pull = _pull(playground, given)
    if pull.draft:
        raise Impossible("It is a draft. Mark it as ready for review first.")
    if ticket.state != "open":
        raise Impossible(f"#{ticket.number} is not open any more.")
    playground.github.merge_pull_request(repo.full_name, ticket.number, text(given, "by"))


def _draft(playground: Playground, given: Json) -> None:
    repo, ticket, _ = _pull(playground, given)
    change = playground.github.draft_again if flag(given, "draft") else playground.github.ready
    change(repo, ticket, playground.github.person(text(given, "by")))


def _review(playground: Playground, given: Json) -> int:
    repo, ticket, _ = _pull(playground, given)
    author, verdict, body = text(given, "author"), text(given, "verdict"), text(given, "body", "").strip()
    if verdict not in REVIEWS:
        raise Impossible("Choose a verdict.")
    if author == ticket.author.login and verdict != "commented":
        raise Impossible("Nobody can approve, or request changes on, a pull request of their own. Be somebody else.")
    if verdict != "approved" and not body:
        raise Impossible("Say what you mean: write a few words first.")
    return playground.github.review(repo.full_name, ticket.number, author, verdict, body)


def _request_review(playground: Playground, given: Json) -> None:
    repo, ticket, _ = _pull(playground, given)
    if text(given, "reviewer") == ticket.author.login:
        raise Impossible("Nobody can review their own pull request. Choose somebody else.")
    playground.github.request_review(repo.full_name, ticket.number, text(given, "reviewer"), text(given, "by"))


def _comment(playground: Playground, given: Json) -> int:
    repo, ticket = _ticket(playground, given)
    return playground.github.comment(repo.full_name, ticket.number, text(given, "author"), words(given, "body"))


def _remark(playground: Playground, given: Json) -> int:
    repo, ticket, _ = _pull(playground, given)
    path = text(given, "path", "README.md")
    return playground.github.remark(repo.full_name, ticket.number, text(given, "author"), words(given, "body"), path)


def _edit_comment(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    body, by = words(given, "body"), text(given, "by")
    playground.github.edit_comment(repo.full_name, ticket.number, number(given, "comment"), body, by)


def _delete_comment(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    playground.github.delete_comment(repo.full_name, ticket.number, number(given, "comment"), text(given, "by"))


def _label(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    name, by = words(given, "name"), playground.github.person(text(given, "by"))
    if not flag(given, "off"):
        playground.github.put_label(repo, ticket, name, by)
    elif name in ticket.labels:
        playground.github.take_label(repo, ticket, name, by)


def _assign(playground: Playground, given: Json) -> None:
    repo, ticket = _ticket(playground, given)
    whom, by = playground.github.person(text(given, "whom")), playground.github.person(text(given, "by"))
    playground.github.assign(repo, ticket, whom, by, to=not flag(given, "off"))


def _ticket(playground: Playground, given: Json) -> tuple[Repo, Ticket]:
    repo, wanted = repo_in(playground, given), number(given, "number")
    ticket = repo.tickets.get(wanted)
    if ticket is None:
        raise Impossible(f"There is no #{wanted} in {repo.full_name} any more.")
    return repo, ticket


def _pull(playground: Playground, given: Json) -> tuple[Repo, Ticket, Pull]:
    repo, ticket = _ticket(playground, given)
    if ticket.pull is None:
        raise Impossible(f"#{ticket.number} is not a pull request.")
    return repo, ticket, ticket.pull


def _locked(act: Callable[[Playground, Json], Any]) -> Callable[[Playground, Json], Any]:
    def locked(playground: Playground, given: Json) -> Any:
        with playground.github.lock:
            return act(playground, given)

    return locked


ACTS: dict[str, Any] = {
    name: _locked(act)
    for name, act in {
        "open-pull-request": _open_pull_request, "open-issue": _open_issue, "edit": _edit, "close": _close,
        "reopen": _reopen, "merge": _merge, "draft": _draft, "review": _review, "request-review": _request_review,
        "comment": _comment, "remark": _remark, "edit-comment": _edit_comment, "delete-comment": _delete_comment,
        "label": _label, "assign": _assign, **github_code.ACTS,
    }.items()
}  # fmt: skip
