"""The stand-in's doors: who may do what where, GitHub Apps with their installations, and people's profiles.

https://docs.github.com/en/rest/apps/apps, https://docs.github.com/en/rest/collaborators/collaborators
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import jwt
from flask import Response, g, request

from sandbox.github import shapes
from sandbox.github.answers import Refused, json_answer
from sandbox.github.rest import Rest
from sandbox.github.shapes import Json
from sandbox.github.state import Person, Repo

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
RIGHTS = {"pull": "read", "triage": "triage", "push": "write", "maintain": "maintain", "admin": "admin"}
LEGACY = {"maintain": "write", "triage": "read"}
APP_ID = "4711"
TOKEN_SECONDS = 3600.0
LONGEST_JWT = 600
_NO_JWT = "A JSON web token could not be decoded"


@dataclass
class Installation:
    """A GitHub App at work for an account, in all of its repositories or in those that are named."""

    id: int
    app_id: str
    account: Person
    repos: frozenset[str] | None = None
    suspended: bool = False

    def covers(self, repo: Repo) -> bool:
        return self.account is repo.owner and (self.repos is None or repo.name in self.repos)


@dataclass
class Granted:
    """Whose token it is, and until when; an installation's, if it is one."""

    who: Person
    until: float
    installation: Installation | None = None


class AccessRest(Rest):
    """The API, with Apps, roles and profiles."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self.app_keys: dict[str, str] = {}
        """GitHub Apps that may ask: id → public key in PEM."""
        self.installations: list[Installation] = []
        self.granted: dict[str, Granted] = {}
        self.custom_roles: dict[str, str] = {}
        """Roles of an organization's own → the role that each is built on."""
        self.organization_roles: dict[tuple[str, str], str] = {}
        """By organization and login: `admin` (an owner) or `member`."""
        self.connect_role = "admin"
        """What the account of connect's token may do in every repository."""
        self._route("apps/get-authenticated", "GET", "/app", self._app)
        self._route("apps/list-installations", "GET", "/app/installations", self._list_installations)
        self._route(
            "apps/create-installation-access-token", "POST", "/app/installations/<int:ident>/access_tokens", self._issue
        )
        self._route("apps/get-repo-installation", "GET", "/repos/<owner>/<name>/installation", self._of_repo)
        self._route("apps/get-repo-installation", "GET", "/repositories/<int:repo_id>/installation", self._of_repo)
        for kind in ("org", "user"):
            self._route(f"apps/get-{kind}-installation", "GET", f"/{kind}s/<login>/installation", self._of_owner)
        self._route("orgs/get-membership-for-user", "GET", "/orgs/<org>/memberships/<login>", self._org_membership)
        self._route("users/get-by-id", "GET", "/user/<int:ident>", self._user_by_id)
        self._route("search/users", "GET", "/search/users", self._search_users)
        for prefix in ("/repos/<owner>/<name>", "/repositories/<int:repo_id>"):
            path = f"{prefix}/collaborators/<login>/permission"
            self._route("repos/get-collaborator-permission-level", "GET", path, self._in_repo(self._permission))

    def install(self, owner: str = "acme", repos: frozenset[str] | None = None, app_id: str = APP_ID) -> Installation:
        """Somebody installs the App for an account."""
        made = Installation(self.next_id(), app_id, self.person(owner), repos)
        self.installations.append(made)
        return made

    def allow(self, repo: str, login: str, role: str) -> None:
        """Give somebody a role in a repository; `none` takes it away."""
        there = self.repo(repo)
        if there is None:
            raise ValueError(f"there is no {repo}")
        there.roles[self.person(login).login] = role

    # --- who asks ----------------------------------------------------------------------------------------------------

    def _authenticate(self) -> Response | None:
        if request.path.startswith("/login/"):
            return None
        if request.path.split("/")[1] != "app" and not request.path.endswith("/installation"):
            return super()._authenticate()
        asking = self._asking_app()
        return None if asking else json_answer(Refused(401, self._jwt_trouble()).body, 401)

    def _asking_app(self) -> str:
        """The App whose key signed the request; empty if none did, or not for now."""
        return next((app_id for app_id, key in self.app_keys.items() if self._signed(app_id, key) == ""), "")

    def _jwt_trouble(self) -> str:
        found = [self._signed(app_id, key) for app_id, key in self.app_keys.items()]
        return next((trouble for trouble in found if trouble not in ("", _NO_JWT)), _NO_JWT)

    def _signed(self, app_id: str, key: str) -> str:
        """What is wrong with the request's JSON web token as this App's; empty if nothing is."""
        token = request.headers.get("Authorization", "").partition(" ")[2]
        lenient = {"require": ["exp", "iat"], "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, key, algorithms=["RS256"], issuer=app_id, options=lenient)  # pyright: ignore[reportArgumentType]
        except jwt.InvalidTokenError:
            return _NO_JWT
        now = self.now()
        if claims["iat"] > now + 1:
            return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        if claims["exp"] <= now:
            return "'Expiration time' claim ('exp') must be a numeric value representing the future time"
        return "'Expiration time' claim ('exp') is too far in the future" if claims["exp"] > now + LONGEST_JWT else ""

    def who(self, token: str) -> Person | None:
        granted = self.granted.get(token)
        if granted is None:
            return super().who(token)
        installation = granted.installation
        gone = installation is not None and (installation not in self.installations or installation.suspended)
        return None if gone or granted.until <= self.now() else granted.who

    def sees(self, repo: Repo) -> bool:
        granted = self.granted.get(request.headers.get("Authorization", "").partition(" ")[2])
        if not repo.private or granted is None:
            return True
        if granted.installation is not None:
            return granted.installation.covers(repo)
        return self.role_of(repo, granted.who) != "none"

    def role_of(self, repo: Repo, who: Person) -> str:
        """Somebody's role in a repository, under the name that it has there."""
        if who is repo.owner:
            return "admin"
        if who is self.connect:
            return self.connect_role
        return repo.roles.get(who.login, "none" if repo.private else "read")

    # --- Apps --------------------------------------------------------------------------------------------------------

    def _app(self) -> Response:
        ident = self._asking_app()
        return json_answer({
            "id": int(ident), "slug": "connect", "node_id": "A_1", "client_id": "Iv23connect",
            "owner": shapes.user(self.url, self.person("acme")), "name": "connect", "description": "",
            "external_url": "https://connect.example.com", "html_url": f"{self.url}/apps/connect",
            "created_at": shapes.stamp(self.born), "updated_at": shapes.stamp(self.born),
            "permissions": {"issues": "write", "metadata": "read", "pull_requests": "write"},
            "events": ["issues", "pull_request"], "installations_count": len(self.installations),
        })  # fmt: skip

    def _shown(self, one: Installation) -> Json:
        base = f"{self.url}/app/installations/{one.id}"
        return {
            "id": one.id, "account": shapes.user(self.url, one.account),
            "repository_selection": "all" if one.repos is None else "selected",
            "access_tokens_url": f"{base}/access_tokens", "repositories_url": f"{self.url}/installation/repositories",
            "html_url": f"{self.url}/organizations/{one.account.login}/settings/installations/{one.id}",
            "app_id": int(one.app_id), "app_slug": "connect", "target_id": one.account.id,
            "target_type": one.account.type, "permissions": {"issues": "write", "metadata": "read"}, "events": [],
            "created_at": shapes.stamp(self.born), "updated_at": shapes.stamp(self.born),
            "single_file_name": None, "suspended_by": None,
            "suspended_at": shapes.stamp(self.born) if one.suspended else None,
        }  # fmt: skip

    def _own(self) -> list[Installation]:
        asking = self._asking_app()
        return [each for each in self.installations if each.app_id == asking]

    def _list_installations(self) -> Response:
        return self._page([self._shown(each) for each in self._own()])

    def _of_repo(self, owner: str = "", name: str = "", repo_id: int = 0) -> Response:
        def covering(repo: Repo) -> Response:
            return self._one(lambda each: each.covers(repo))

        return self._in_repo(covering)(owner=owner, name=name, repo_id=repo_id)

    def _of_owner(self, login: str) -> Response:
        return self._one(lambda each: each.account.login.lower() == login.lower())

    def _one(self, fits: Callable[[Installation], bool]) -> Response:
        found = next((each for each in self._own() if fits(each)), None)
        if found is None:
            raise Refused(404, "Not Found")
        return json_answer(self._shown(found))

    def _issue(self, ident: int) -> Response:
        found = next((each for each in self._own() if each.id == ident), None)
        if found is None:
            raise Refused(404, "Not Found")
        if found.suspended:
            raise Refused(403, "This installation has been suspended")
        token, until = f"ghs_{secrets.token_hex(18)}", self.now() + TOKEN_SECONDS
        self.granted[token] = Granted(self.person("connect[bot]", "connect", "Bot"), until, found)
        return json_answer({
            "token": token, "expires_at": shapes.stamp(until), "permissions": {"issues": "write", "metadata": "read"},
            "repository_selection": "all" if found.repos is None else "selected",
        }, 201)  # fmt: skip

    # --- people ------------------------------------------------------------------------------------------------------

    def _user_by_id(self, ident: int) -> Response:
        found = next((each for each in self.people.values() if each.id == ident), None)
        if found is None:
            raise Refused(404, "Not Found")
        return json_answer(shapes.profile(self.url, found, self.born))

    def _search_users(self) -> Response:
        """By e-mail address: what `in:email` looks at is the address that a profile shows."""
        words = request.args.get("q", "").split()
        wanted = next((word.strip('"').lower() for word in words if ":" not in word), "")
        if not wanted:
            raise Refused(422, "Validation Failed", errors=[{"resource": "Search", "field": "q", "code": "missing"}])
        found = [each for each in self.people.values() if wanted in each.email.lower()]
        items = [shapes.user(self.url, each) | {"score": 1.0} for each in found]
        return json_answer({"total_count": len(items), "incomplete_results": False, "items": items[:30]})

    def _org_membership(self, org: str, login: str) -> Response:
        role = self.organization_roles.get((org.lower(), login.lower()))
        if role is None:
            raise Refused(404, "Not Found")
        base = f"{self.url}/orgs/{org}"
        return json_answer({
            "url": f"{base}/memberships/{login}", "state": "active", "role": role, "organization_url": base,
            "direct_membership": True, "user": shapes.user(self.url, self.person(login)),
            "organization": {
                "login": org, "id": self.person(org).id, "node_id": f"O_{org}", "url": base, "description": "",
                "repos_url": f"{base}/repos", "events_url": f"{base}/events", "hooks_url": f"{base}/hooks",
                "issues_url": f"{base}/issues", "members_url": f"{base}/members{{/member}}",
                "public_members_url": f"{base}/public_members{{/member}}", "avatar_url": f"{self.url}/avatars/{org}",
            },
        })  # fmt: skip

    def _permission(self, repo: Repo, login: str) -> Response:
        asker: Person = g.asker
        granted = self.granted.get(request.headers["Authorization"].partition(" ")[2])
        by_app = granted is not None and granted.installation is not None
        if not by_app and ROLES.index(self._base(self.role_of(repo, asker))) < ROLES.index("write"):
            raise Refused(403, "Must have push access to view collaborator permission.")
        if by_app and granted and granted.installation and not granted.installation.covers(repo):
            raise Refused(403, "Resource not accessible by integration")
        found = next((each for each in self.people.values() if each.login.lower() == login.lower()), None)
        if found is None:
            raise Refused(404, f"{login} is not a user")
        role = self.role_of(repo, found)
        base = self._base(role)
        rights = {right: ROLES.index(base) >= ROLES.index(least) for right, least in RIGHTS.items()}
        shown = shapes.user(self.url, found) | {"permissions": rights, "role_name": role}
        return json_answer({"permission": LEGACY.get(base, base), "user": shown, "role_name": role})

    def _base(self, role: str) -> str:
        return self.custom_roles.get(role, role)
