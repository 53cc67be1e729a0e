"""Which site a link leads to, where one site's address is the beginning of another's."""

import pytest

from bot.operations.sites import issue_linked
from bot.settings import Settings, WrongSettings, load

SETTINGS = Settings.model_validate(
    {
        "jira_base_url": "https://jira.example.com",
        "jira_sites": {"eu": {"base_url": "https://jira.example.com/eu", "api_token": "t"}},
    }
)


def test_the_nearer_site_has_the_issue() -> None:
    given = ("https://jira.example.com/browse/OPS-1", "https://jira.example.com/eu/browse/OPS-1", "https://x.example/")
    assert [issue_linked(SETTINGS, url) for url in given] == ["OPS-1", "eu/OPS-1", ""]


def test_projects_to_preview_are_keys_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRA_PREVIEW_PROJECTS", " ops, eu/Shop,")
    assert load(None).jira_preview_projects == "OPS,EU/SHOP"
    monkeypatch.setenv("JIRA_PREVIEW_PROJECTS", "OPS WEB")
    with pytest.raises(WrongSettings) as caught:
        load(None)
    assert str(caught.value) == "JIRA_PREVIEW_PROJECTS: must be keys of projects, separated by commas, such as OPS,WEB"
