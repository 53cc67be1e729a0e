"""What a visitor does to a repository of GitHub: branches, pushes, runs, releases, deployments, settings, sign-in."""

import re
from typing import Any

from sandbox.github.shapes import Json
from sandbox.github.state import Repo
from sandbox.page.given import Impossible, flag, number, text
from sandbox.playground import Playground

CONCLUSIONS = ("success", "failure", "cancelled")
DEPLOYED = ("queued", "in_progress", "success", "failure", "inactive")
NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
BRANCH = re.compile(r"(?!/)(?!.*(?:\.\.|//))[\w./#-]{1,200}(?<![/.])")


def _push(playground: Playground, given: Json) -> None:
    """A commit for each line of the message, to a branch that is made if there is none."""
    repo, branch, author = repo_in(playground, given), words(given, "branch"), text(given, "author")
    if not BRANCH.fullmatch(branch):
        raise Impossible("A branch has a name of letters, digits, - and /, such as OPS-2-fire-door.")
    if branch not in repo.heads:
        playground.github.create_branch(repo.full_name, branch, author)
    messages = [line.strip() for line in words(given, "message").splitlines() if line.strip()]
    playground.github.push(repo.full_name, branch, [(each, author) for each in messages])


def _delete_branch(playground: Playground, given: Json) -> None:
    repo = repo_in(playground, given)
    branch = branch_in(repo, text(given, "branch"))
    if branch == repo.default_branch:
        raise Impossible(f"{branch} is the default branch and stays.")
    if any(each.pull and (each.pull.head, each.state) == (branch, "open") for each in repo.tickets.values()):
        raise Impossible(f"A pull request is open for {branch}. Close or merge it first.")
    playground.github.delete_branch(repo.full_name, branch, text(given, "by"))


def _start_run(playground: Playground, given: Json) -> int:
    repo = repo_in(playground, given)
    branch, name = branch_in(repo, text(given, "branch")), text(given, "name", "").strip() or "CI"
    pulled = any(each.pull and each.pull.head == branch for each in repo.tickets.values())
    event = "pull_request" if pulled else "push"
    return playground.github.start_run(repo.full_name, branch, name, event, text(given, "by"))


def _finish_run(playground: Playground, given: Json) -> None:
    repo, run, conclusion = repo_in(playground, given), number(given, "run"), text(given, "conclusion")
    if run not in repo.runs or conclusion not in CONCLUSIONS:
        raise Impossible("There is no such run any more.")
    if repo.runs[run].status == "completed":
        raise Impossible("This run has ended already.")
    playground.github.finish_run(repo.full_name, run, conclusion)


def _release(playground: Playground, given: Json) -> None:
    repo, tag = repo_in(playground, given), words(given, "tag")
    if tag in repo.releases:
        raise Impossible(f"There is a release {tag} already. Choose another tag.")
    name, body = text(given, "name", "").strip() or tag, text(given, "body", "")
    pre, by = flag(given, "prerelease"), text(given, "by")
    playground.github.release(repo.full_name, tag, name, body, prerelease=pre, by=by)


def _deploy(playground: Playground, given: Json) -> int:
    repo = repo_in(playground, given)
    ref = branch_in(repo, text(given, "ref", repo.default_branch))
    return playground.github.deploy(repo.full_name, words(given, "environment"), ref, text(given, "by"))


def _deployment_status(playground: Playground, given: Json) -> None:
    repo, deployment, state = repo_in(playground, given), number(given, "deployment"), text(given, "state")
    if deployment not in repo.deployments or state not in DEPLOYED:
        raise Impossible("There is no such deployment any more.")
    playground.github.deployment_status(repo.full_name, deployment, state)


def _discuss(playground: Playground, given: Json) -> int:
    name, title, author = repo_in(playground, given).full_name, words(given, "title"), text(given, "author")
    return playground.github.discuss(name, title, author, text(given, "body", ""), text(given, "category", "Ideas"))


def _say_in_discussion(playground: Playground, given: Json) -> int:
    repo, wanted = repo_in(playground, given), number(given, "number")
    if wanted not in repo.discussions:
        raise Impossible("There is no such discussion any more.")
    author, body = text(given, "author"), words(given, "body")
    return playground.github.say_in_discussion(repo.full_name, wanted, author, body)


def _rename(playground: Playground, given: Json) -> str:
    repo, name = repo_in(playground, given), words(given, "name")
    if not NAME.fullmatch(name):
        raise Impossible("A repository has a name of letters, digits, “-”, “_” and “.”.")
    if playground.github.repo(f"{repo.owner.login}/{name}") is not None:
        raise Impossible(f"{repo.owner.login} has a repository {name} already.")
    playground.github.rename_repository(repo.full_name, name, text(given, "by"))
    return repo.full_name


def _transfer(playground: Playground, given: Json) -> str:
    repo, owner = repo_in(playground, given), words(given, "owner")
    if not NAME.fullmatch(owner) or playground.github.repo(f"{owner}/{repo.name}") is not None:
        raise Impossible(f"{repo.name} cannot go to {owner}. Choose another owner.")
    playground.github.transfer(repo.full_name, owner, text(given, "by"))
    return repo.full_name


def _hide(playground: Playground, given: Json) -> None:
    playground.github.hide(repo_in(playground, given).full_name, text(given, "by"))


def _answer_code(playground: Playground, given: Json) -> None:
    """Somebody enters the code that connect showed them, and says yes or no."""
    code = "-".join(re.findall("[A-Z]{4}", words(given, "code").upper().replace("-", "")))
    open_codes = {each.user_code for each in playground.github.asked if not (each.by or each.denied)}
    if code not in open_codes:
        raise Impossible("There is no such code. Copy the one that connect shows you; each works once.")
    if flag(given, "deny"):
        playground.github.deny_device(code)
    else:
        playground.github.allow_device(code, text(given, "who"))


def repo_in(playground: Playground, given: Json) -> Repo:
    """The repository that the request names."""
    name = text(given, "repository")
    found = playground.github.repo(name)
    if found is None:
        raise Impossible(f"There is no repository {name} any more.")
    return found


def branch_in(repo: Repo, branch: str) -> str:
    """A branch that there is."""
    if branch not in repo.heads:
        raise Impossible(f"There is no branch {branch} in {repo.full_name}. Push to it first.")
    return branch


def words(given: Json, name: str) -> str:
    """Something that must not be empty."""
    said = text(given, name).strip()
    if not said:
        raise Impossible(f"“{name.capitalize()}” is empty. Write something there first.")
    return said


ACTS: dict[str, Any] = {
    "push": _push, "delete-branch": _delete_branch, "start-run": _start_run, "finish-run": _finish_run,
    "release": _release, "deploy": _deploy, "deployment-status": _deployment_status, "discuss": _discuss,
    "say-in-discussion": _say_in_discussion, "rename": _rename, "transfer": _transfer, "hide": _hide,
    "answer-code": _answer_code,
}  # fmt: skip
