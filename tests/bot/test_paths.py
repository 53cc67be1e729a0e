"""Which files a pattern means, and whose they are by CODEOWNERS."""

import time

import pytest

from bot.paths import Owned, any_of, fits, owners_of, read_codeowners

FILES = ("README.md", "docs/guide.md", "docs/deep/x.md", "services/api/main.py", "apps/web/services/a.js", "services")


MEANT: list[tuple[str, set[str]]] = [
    ("*.md", {"README.md", "docs/guide.md", "docs/deep/x.md"}), ("/*.md", {"README.md"}),
    ("docs/*.md", {"docs/guide.md"}), ("docs/*", {"docs/guide.md"}), ("docs/**", {"docs/guide.md", "docs/deep/x.md"}),
    ("docs", {"docs/guide.md", "docs/deep/x.md"}), ("docs/", {"docs/guide.md", "docs/deep/x.md"}),
    ("services/**", {"services/api/main.py"}), ("/services/", {"services/api/main.py"}),
    ("services/", {"services/api/main.py", "apps/web/services/a.js"}),
    ("services", {"services", "services/api/main.py", "apps/web/services/a.js"}),
    ("**/services/**", {"services/api/main.py", "apps/web/services/a.js"}), ("**.js", {"apps/web/services/a.js"}),
    ("docs/**.md", {"docs/guide.md", "docs/deep/x.md"}), ("**", set(FILES)), ("*", set(FILES)), ("", set()),
    ("/", set()), ("Docs/**", set()), ("apps/*/services/a.js", {"apps/web/services/a.js"}),
    ("apps/**/a.js", {"apps/web/services/a.js"}), ("docs/**/guide.md", {"docs/guide.md"}),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "meant"), MEANT)
def test_a_pattern_means_files_as_gitignore_has_it(pattern: str, meant: set[str]) -> None:
    assert {path for path in FILES if fits(path, pattern)} == meant


def test_an_exclamation_mark_bars_files() -> None:
    assert any_of(["docs/a.md", "docs/b.py"], ["docs/**", "!*.md"])
    assert not any_of(["docs/a.md"], ["docs/**", "!*.md"])
    assert any_of(["src/a.py"], ["!*.md"])
    assert not any_of([], ["**"])


def test_a_pattern_made_to_be_slow_is_not() -> None:
    began = time.monotonic()
    assert not fits("a/" * 2000 + "b", "**/a/" * 40 + "c")
    assert not fits("a" * 4000, "*a" * 60 + "b")
    assert time.monotonic() - began < 2


CODEOWNERS = """
# who owns what
*                @acme/everyone  docs@example.com
*.js             @Octocat # inline
/build/logs/     @acme/Ops
docs/*           @hubot
/apps/ @acme/apps
/apps/github
name\\ with\\ space.txt @mona
!nope            @mona
[ab].txt         @mona
"""


def test_the_last_line_that_fits_a_file_says_who_owns_it() -> None:
    lines = read_codeowners(CODEOWNERS)
    assert lines[:2] == [Owned("*", ("@acme/everyone", "docs@example.com")), Owned("*.js", ("@octocat",))]
    assert len(lines) == 7
    whose = {
        "a.py": {"@acme/everyone", "docs@example.com"}, "x/a.js": {"@octocat"}, "build/logs/a/b": {"@acme/ops"},
        "docs/a.md": {"@hubot"}, "docs/deep/a.md": {"@acme/everyone", "docs@example.com"}, "apps/x.js": {"@acme/apps"},
        "apps/github/x": set[str](), "name with space.txt": {"@mona"},
    }  # fmt: skip
    assert {path: set(owners_of([path], lines)) for path in whose} == whose
    assert owners_of(["x.js", "apps/y"], lines) == {"@octocat", "@acme/apps"}
    assert owners_of(["x.js"], []) == frozenset()
