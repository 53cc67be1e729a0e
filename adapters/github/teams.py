"""GitHub's teams: who is in one."""

from adapters.account import Account
from adapters.errors import NotFound
from adapters.github.session import PER_PAGE, GitHubSession

PAGES = 10
"""Members are read of a team up to a thousand; a larger one is no team that reviews."""


class Teams(GitHubSession):
    """The part of the client that is about teams."""

    def team(self, team: str) -> str:
        """A team's name as GitHub writes it (`acme/core`); raises `NotFound` if connect cannot see it.

        https://docs.github.com/en/rest/teams/teams#get-a-team-by-name
        """
        organization, slug = _parts(team)
        where = ("orgs", organization, "teams", slug)
        return self._at("GET", *where, read=lambda raw: f"{organization}/{raw['slug']}", place=organization)

    def team_members(self, team: str) -> list[Account]:
        """The people in a team (`acme/core`) and in those within it; raises `NotFound` if connect cannot see it.

        https://docs.github.com/en/rest/teams/members#list-team-members
        """
        organization, slug = _parts(team)
        found = list[Account]()
        for page in range(1, PAGES + 1):
            where = ("orgs", organization, "teams", slug, "members")
            listed = self._at("GET", *where, read=_accounts, place=organization, per_page=PER_PAGE, page=page)
            found += listed
            if len(listed) < PER_PAGE:
                break
        return found


def _parts(team: str) -> tuple[str, str]:
    organization, _, slug = team.partition("/")
    if not organization or not slug:
        raise NotFound(f"{team[:100]!r} is not the name of a team (it looks like acme/core).")
    return organization, slug


def _accounts(raw: list[dict[str, object]]) -> list[Account]:
    return [Account(str(each["id"]), str(each["login"]), str(each["login"])) for each in raw]
