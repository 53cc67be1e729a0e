"""The stand-in's REST API for one thing by its id or name: a comment, a review, a commit, a file, a release, a run.

https://docs.github.com/en/rest/repos/contents, https://docs.github.com/en/rest/commits/commits
"""

import base64
import hashlib
from typing import Any

from flask import Response, request

from sandbox.github import check_shapes, code_shapes, ticket_shapes
from sandbox.github.answers import Refused, json_answer, ticket_of
from sandbox.github.rest import Rest
from sandbox.github.shapes import Json, stamp
from sandbox.github.state import Commit, Repo, Run

WHOLE = 1024 * 1024
"""In bytes: of a larger file the API of contents shows no content."""


class SingleRest(Rest):
    """The API, with what is read by itself."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.contents: dict[tuple[str, str], str] = {}
        """The text of a repository's file, on every branch."""
        for name, path, view in (
            ("issues/get-comment", "/issues/comments/<int:ident>", self._get_comment),
            ("pulls/get-review-comment", "/pulls/comments/<int:ident>", self._get_remark),
            ("pulls/get-review", "/pulls/<int:number>/reviews/<int:ident>", self._get_review),
            ("repos/get-commit", "/commits/<path:ref>", self._get_commit),
            ("repos/get-content", "/contents/<path:path>", self._content),
            ("repos/get-content", "/contents", self._content),
            ("repos/get-release-by-tag", "/releases/tags/<path:tag>", self._get_release),
            ("actions/get-workflow-run", "/actions/runs/<int:ident>", self._get_run),
            ("git/list-matching-refs", "/git/matching-refs/<path:ref>", self._matching_refs),
        ):
            self._route(name, "GET", f"/repos/<owner>/<name>{path}", self._in_repo(view))
            self._route(name, "GET", f"/repositories/<int:repo_id>{path}", self._in_repo(view))

    # --- comments and reviews ----------------------------------------------------------------------------------------

    def _get_comment(self, repo: Repo, ident: int) -> Response:
        every = ((ticket, each) for ticket in repo.tickets.values() for each in ticket.comments)
        found = _one(pair for pair in every if pair[1].id == ident)
        return json_answer(ticket_shapes.comment(self.url, repo, *found))

    def _get_remark(self, repo: Repo, ident: int) -> Response:
        pulls = ((ticket, ticket.pull) for ticket in repo.tickets.values() if ticket.pull)
        found = _one((ticket, each) for ticket, pull in pulls for each in pull.remarks if each.id == ident)
        return json_answer(check_shapes.remark(self.url, repo, *found))

    def _get_review(self, repo: Repo, number: int, ident: int) -> Response:
        ticket = ticket_of(repo, number)
        found = _one(each for each in (ticket.pull.reviews if ticket.pull else ()) if each.id == ident)
        shown = check_shapes.review(self.url, repo, ticket, found)
        # Webhooks write the state in small letters, the API in capitals, and only webhooks say when it changed.
        del shown["updated_at"]
        return json_answer(shown | {"state": found.state.upper(), "body": found.body or ""})

    # --- code --------------------------------------------------------------------------------------------------------

    def _at(self, repo: Repo, ref: str) -> Commit | None:
        """The commit that a branch, a tag, or the (short) id of a commit names."""
        sha = repo.heads.get(repo.default_branch if ref in ("", "HEAD") else ref.removeprefix("heads/"), ref)
        if ref.removeprefix("tags/") in repo.releases:
            sha = repo.heads[repo.default_branch]
        found = [each for each in repo.commits if len(sha) >= 7 and each.startswith(sha)]
        first = Commit(sha, "First", repo.owner, repo.created_at) if sha in repo.heads.values() else None
        return repo.commits[found[0]] if len(found) == 1 else first

    def _get_commit(self, repo: Repo, ref: str) -> Response:
        found = self._at(repo, ref)
        if found is None:
            raise Refused(422, f"No commit found for SHA: {ref}")
        url = f"{self.url}/repos/{repo.full_name}/commits/{found.sha}"
        shown = check_shapes.commit(self.url, repo, found.sha, url, stamp(found.at), found.author, found.message)
        counts = {"additions": 12, "deletions": 3}
        file = {
            "sha": _sha(found.sha), "filename": "README.md", "status": "modified", **counts, "changes": 15,
            "blob_url": f"{self.url}/{repo.full_name}/blob/{found.sha}/README.md",
            "raw_url": f"{self.url}/{repo.full_name}/raw/{found.sha}/README.md",
            "contents_url": f"{self.url}/repos/{repo.full_name}/contents/README.md?ref={found.sha}", "patch": "@@",
        }  # fmt: skip
        return json_answer(shown | {"stats": counts | {"total": 15}, "files": [file]})

    def _content(self, repo: Repo, path: str = "") -> Response:
        ref = request.args.get("ref", "")
        if self._at(repo, ref) is None:
            raise Refused(404, f"No commit found for the ref {ref}")
        text = self.contents.get((repo.full_name, path))
        if text is not None:
            return json_answer(self._file(repo, path, ref, text))
        beneath = [name for full_name, name in self.contents if full_name == repo.full_name]
        within = f"{path}/" if path else ""
        listed = [name for name in beneath if name.startswith(within)]
        if not listed:
            raise Refused(404, "Not Found")
        names = sorted({name[len(within) :].partition("/")[0] for name in listed})
        return json_answer([self._entry(repo, f"{within}{name}", ref) for name in names])

    def _entry(self, repo: Repo, path: str, ref: str) -> Json:
        """A file of a folder, without its content, or a folder in it."""
        text = self.contents.get((repo.full_name, path))
        shown = {k: v for k, v in self._file(repo, path, ref, text or "").items() if k not in ("content", "encoding")}
        return shown | ({"type": "dir", "download_url": None} if text is None else {})

    def _file(self, repo: Repo, path: str, ref: str, text: str) -> Json:
        whole, sha = text.encode(), _sha(text)
        ref = ref or repo.default_branch
        own = f"{self.url}/repos/{repo.full_name}/contents/{path}?ref={ref}"
        blob = f"{self.url}/repos/{repo.full_name}/git/blobs/{sha}"
        page = f"{self.url}/{repo.full_name}/blob/{ref}/{path}"
        shown = ("base64", base64.encodebytes(whole).decode()) if len(whole) <= WHOLE else ("none", "")
        return {
            "type": "file", "encoding": shown[0], "size": len(whole),
            "name": path.rpartition("/")[2], "path": path, "content": shown[1], "sha": sha, "url": own,
            "git_url": blob, "html_url": page,
            "download_url": f"{self.url}/raw/{repo.full_name}/{ref}/{path}",
            "_links": {"self": own, "git": blob, "html": page},
        }  # fmt: skip

    def _matching_refs(self, repo: Repo, ref: str) -> Response:
        """All branches and tags whose names begin like this, not only the one that is it."""
        names = [f"heads/{name}" for name in repo.heads] + [f"tags/{name}" for name in repo.releases]
        found = [(name, self._at(repo, name)) for name in names if name.startswith(ref)]
        return json_answer([self._ref(repo, name, commit.sha) for name, commit in found if commit])

    def _ref(self, repo: Repo, name: str, sha: str) -> Json:
        git = f"{self.url}/repos/{repo.full_name}/git"
        there = {"type": "commit", "sha": sha, "url": f"{git}/commits/{sha}"}
        return {"ref": f"refs/{name}", "node_id": f"REF_{sha}", "url": f"{git}/refs/{name}", "object": there}

    # --- releases and runs -------------------------------------------------------------------------------------------

    def _get_release(self, repo: Repo, tag: str) -> Response:
        return json_answer(code_shapes.release(self.url, repo, _one(
            each for name, each in repo.releases.items() if name == tag
        )))  # fmt: skip

    def _get_run(self, repo: Repo, ident: int) -> Response:
        run: Run = _one(each for each in repo.runs.values() if each.id == ident != 0)
        return json_answer(check_shapes.workflow_run(self.url, repo, run))


def _one(found: Any) -> Any:
    first = next(iter(found), None)
    if first is None:
        raise Refused(404, "Not Found")
    return first


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
