"""The GitHub stand-in: its answers and payloads are valid by GitHub's own description."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import Receiver, call, everything, received

receiver = github_cases.receiver
github = github_cases.github

OPENAPI = Path(__file__).parents[3] / "shared" / "corpus" / "openapi"


def described(name: str) -> dict[str, Any]:
    path = OPENAPI / name
    if not path.exists():
        pytest.skip(f"GitHub's description is not at {path}")
    return cast("dict[str, Any]", _as_json_schema(json.loads(path.read_text())))


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema lists another type."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    made = {key: _as_json_schema(value) for key, value in cast("dict[str, Any]", node).items()}
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def mistakes(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    validator: Any = Draft202012Validator(schema | {"components": document["components"]})
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]


def test_every_payload_is_valid_by_the_description_of_github(github: GitHubStandIn, receiver: Receiver) -> None:
    document = described("github-webhooks.reduced.json")
    everything(github)
    found: dict[str, list[str]] = {}
    for event, payload in received(github, receiver):
        action = f"-{payload['action']}" if "action" in payload else ""
        name = f"{event}{action}".replace("_", "-")
        body = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        found[name] = mistakes(document, body, payload)
        assert event == "ping" or mistakes(document, body, payload | {"repository": None}) != []
    assert (len(found), {name: wrong for name, wrong in found.items() if wrong}) == (33, {})


def test_every_answer_is_valid_by_the_description_of_github(github: GitHubStandIn) -> None:
    document = described("github-rest.reduced.json")
    everything(github)
    repo, issue = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues/{issue_number}"
    there = "/repos/acme/site"
    pull = github.open_pull_request("acme/site", "Open")
    github.flush()
    github.organization_roles["acme", "octocat"] = "admin"
    github.add_milestone("acme/site", "1.0")
    deliveries = f"{there}/hooks/{github.hooks[0].id}/deliveries"
    sent = github.hooks[0].sent[0].id
    checks: list[tuple[str, str, str, object, int]] = [
        ("get", "/user", "/user", None, 200),
        ("get", "/users/octocat", "/users/{username}", None, 200),
        ("get", "/users/nobody", "/users/{username}", None, 404),
        ("get", "/orgs/acme/memberships/octocat", "/orgs/{org}/memberships/{username}", None, 200),
        ("get", "/orgs/acme/memberships/hubot", "/orgs/{org}/memberships/{username}", None, 404),
        ("get", "/rate_limit", "/rate_limit", None, 200),
        ("get", there, repo, None, 200),
        ("get", "/repos/acme/none", repo, None, 404),
        ("get", "/repos/acme/web", repo, None, 301),
        ("get", f"{there}/labels", f"{repo}/labels", None, 200),
        ("get", f"{there}/issues?state=all", f"{repo}/issues", None, 200),
        ("post", f"{there}/issues", f"{repo}/issues", {"title": "T", "labels": ["bug"], "milestone": 1}, 201),
        ("post", f"{there}/issues", f"{repo}/issues", {"title": ""}, 422),
        ("get", "/repos/acme/secret/issues/1", issue, None, 200),
        ("patch", f"{there}/issues/3", issue, {"state": "closed", "body": "Done"}, 200),
        ("get", f"{there}/issues/1/comments", f"{issue}/comments", None, 200),
        ("post", f"{there}/issues/1/comments", f"{issue}/comments", {"body": "Hi"}, 201),
        ("get", f"{there}/issues/1/labels", f"{issue}/labels", None, 200),
        ("post", f"{there}/issues/1/labels", f"{issue}/labels", {"labels": ["docs"]}, 200),
        ("get", f"{there}/pulls/1", f"{repo}/pulls/{{pull_number}}", None, 200),
        ("get", f"{there}/pulls/{pull}", f"{repo}/pulls/{{pull_number}}", None, 200),
        ("get", f"{there}/milestones", f"{repo}/milestones", None, 200),
        ("get", f"{there}/assignees", f"{repo}/assignees", None, 200),
        ("get", "/user/repos", "/user/repos", None, 200),
        ("get", "/search/issues?q=open", "/search/issues", None, 200),
        ("get", deliveries, f"{repo}/hooks/{{hook_id}}/deliveries", None, 200),
        ("post", f"{deliveries}/{sent}/attempts", f"{repo}/hooks/{{hook_id}}/deliveries/{{delivery_id}}/attempts",
         None, 202),
    ]  # fmt: skip
    for method, path, template, body, status in checks:
        answer = call(github, method, path, body)
        assert (path, answer.status_code) == (path, status)
        response = document["paths"][template][method]["responses"][str(status)]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"]["application/json"]["schema"]
        assert (path, mistakes(document, schema, answer.json())) == (path, [])
