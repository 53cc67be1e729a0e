"""What a link to GitHub leads to, and that no address makes more of itself than it is."""

from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.github.addresses import Linked, host_of, linked
from adapters.github.session import is_repository

WEB = "acme/web"
SHA = "0123456789abcdef0123456789abcdef01234567"
PAGES = {
    "acme": Linked("account", ref="acme"),
    "orgs/acme": Linked("account", ref="acme"),
    "acme/web": Linked("repository", WEB),
    "acme/web.git": Linked("repository", WEB),
    "acme/web/": Linked("repository", WEB),
    "acme/web/issues/7": Linked("ticket", WEB, 7),
    "acme/web/issues/7?foo=1#issue-1234": Linked("ticket", WEB, 7),
    "acme/web/issues/7#issuecomment-99": Linked("comment", WEB, 7, 99),
    "acme/web/pull/7": Linked("ticket", WEB, 7),
    "acme/web/pull/7/files": Linked("ticket", WEB, 7),
    "acme/web/pull/7/changes#diff-ab12R10": Linked("ticket", WEB, 7),
    "acme/web/pull/7/commits": Linked("ticket", WEB, 7),
    "acme/web/pull/7/checks?check_run_id=5": Linked("ticket", WEB, 7),
    f"acme/web/pull/7/commits/{SHA}": Linked("commit", WEB, ref=SHA),
    "acme/web/pull/7#issuecomment-99": Linked("comment", WEB, 7, 99),
    "acme/web/pull/7#discussion_r98": Linked("review_comment", WEB, 7, 98),
    "acme/web/pull/7/files#r98": Linked("review_comment", WEB, 7, 98),
    "acme/web/pull/7#pullrequestreview-97": Linked("review", WEB, 7, 97),
    "acme/web/commit/0123ABC": Linked("commit", WEB, ref="0123abc"),
    f"acme/web/blob/{SHA}/src/a.py#L10-L20": Linked("lines", WEB, ref=f"{SHA}/src/a.py", first=10, last=20),
    "acme/web/blob/main/a%20b.py?plain=1#L3": Linked("lines", WEB, ref="main/a b.py", first=3, last=3),
    "acme/web/blob/fix/one/src/a.py#L20C3-L10C5": Linked("lines", WEB, ref="fix/one/src/a.py", first=10, last=20),
    "acme/web/releases/tag/v1.0": Linked("release", WEB, ref="v1.0"),
    "acme/web/releases/tag/app%2Fv1.0": Linked("release", WEB, ref="app/v1.0"),
    "acme/web/actions/runs/55": Linked("run", WEB, ident=55),
    "acme/web/actions/runs/55/attempts/2": Linked("run", WEB, ident=55),
    "acme/web/actions/runs/55/job/66#step:3:4": Linked("run", WEB, ident=55),
}  # fmt: skip
NOTHING = (
    "", "settings/tokens", "features/actions", "topics/python", "orgs/acme/people", "acme/..", "acme/web/issues",
    "acme/web/issues/new", "acme/web/issues/0", "acme/web/issues/07", "acme/web/issues/²", "acme/web/issues/7/8",
    "acme/web/pull/7/unknown", "acme/web/pulls", "acme/web/commit/xyz", "acme/web/commit/0123abc.patch",
    "acme/web/blob/main/a.py", "acme/web/blob/main/a.py#L0", "acme/web/blob/main#L3", "acme/web/blob/main/../a.py#L3",
    "acme/web/blob/main/%2e%2e/a.py#L3", "acme/web/blob/main//a.py#L3", "acme/web/blob/main/a%0Ab.py#L3",
    "acme/web/blob/main/%ff.py#L3", "acme/web/tree/main", "acme/web/wiki", "acme/web/compare/a...b",
    "acme/web/releases", "acme/web/releases/latest", "acme/web/actions", "acme/web/actions/runs", "-acme/web",
    "acme/web/settings/keys", "a b/web", "acme/we%2Fb", f"acme/web/issues/7?{'x' * 2000}",
)  # fmt: skip


@pytest.mark.parametrize("host", ["github.com", "git.example.com:8443"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_what_it_shows(host: str, page: str) -> None:
    assert linked(f"https://{host}/{page}", host) == PAGES[page]


@pytest.mark.parametrize("page", NOTHING)
def test_other_pages_lead_to_nothing(page: str) -> None:
    assert linked(f"https://github.com/{page}", "github.com") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com.evil.example/acme/web", "https://evil.example/https://github.com/acme/web",
        "https://github.com@evil.example/acme/web", "https://evil.example\\@github.com/acme/web",
        "https://me@github.com/acme/web", "https://github.com:8443/acme/web", "https://gist.github.com/acme/web",
        "https://api.github.com/repos/acme/web", "ftp://github.com/acme/web", "//github.com/acme/web", "acme/web",
        "https://[github.com/acme/web", "https://github.com\t/acme/web", "https://github.com/acme/web\u202e", "",
    ],
)  # fmt: skip
def test_another_host_leads_to_nothing(url: str) -> None:
    assert linked(url, "github.com") is None
    assert linked(url, "") is None


def test_the_pages_are_where_the_api_is() -> None:
    urls = ("https://api.github.com", "https://git.example.com/api/v3", "https://api.acme.ghe.com", "http://[::1]:80")
    assert [host_of(url) for url in urls] == ["github.com", "git.example.com", "acme.ghe.com", "[::1]:80"]


def test_every_thing_has_a_name_of_its_own() -> None:
    names = {found.resource for found in PAGES.values()}
    assert len(names) == len({*PAGES.values()})
    assert (Linked("ticket", WEB, 7).resource, Linked("comment", WEB, 7, 99).resource) == (
        "acme/web#7", "acme/web#7@comment@99",
    )  # fmt: skip


WORDS = st.sampled_from(
    ["acme", "web", "issues", "pull", "blob", "commit", "releases", "tag", "actions", "runs", "7", "..", ".", "", SHA,
     "%2e%2e", "%2F", "%00", "main", "a.py", "orgs", "settings", "<!channel>", "\\", "@evil.example", "?", "#L3", "é"]
)  # fmt: skip
HOSTS = st.sampled_from(
    ["github.com", "www.github.com", "GitHub.com", "github.com.evil.example", "github.com@evil.example", "evil.example",
     "evil.example#github.com", "evil.example?github.com", "github.com:443", "[github.com]", ""]
)  # fmt: skip
FRAGMENTS = st.sampled_from(["", "#L3-L9", "#issuecomment-5", "#discussion_r5", "#pullrequestreview-5", "#L9-L3", "#x"])
PARTS = st.lists(WORDS | st.text(max_size=6), max_size=8).map("/".join)
URLS = st.builds("{}://{}/{}{}".format, st.sampled_from(["https", "http", "javascript"]), HOSTS, PARTS, FRAGMENTS)


@given(URLS | st.text(max_size=60))
def test_no_address_is_taken_for_more_than_it_is(url: str) -> None:
    found = linked(url, "github.com")
    if found is None:
        return
    assert (urlsplit(url).hostname or "").removeprefix("www.") == "github.com"
    assert found.kind == "account" or is_repository(found.repository)
    assert not {"", ".", ".."} & set(found.ref.split("/")) or not found.ref
    assert all(each.isprintable() for each in (found.repository, found.ref))
    assert found.first <= found.last


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=5), st.integers(1, 10**6), st.integers(0, 99))
def test_the_address_of_any_lines_leads_to_them(parts: list[str], first: int, more: int) -> None:
    path = "/".join(parts)
    sound = all(part and part.isprintable() and part not in (".", "..") for part in path.split("/"))
    url = f"https://github.com/acme/web/blob/{quote(path, errors='replace')}#L{first}-L{first + more}"
    wanted = Linked("lines", WEB, ref=path, first=first, last=first + more)
    assert linked(url, "github.com") == (wanted if sound else None)
