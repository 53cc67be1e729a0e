"""What people type behind `/github subscribe owner/repo`, and what of a subscription can be typed again."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import github_words as words
from bot.filters import GitHubFilters, unknown_events
from bot.grammar import CHOICES, Written, parsed
from bot.grammar_text import printed
from bot.renderers.registry import GITHUB_FEATURES
from bot.wording import EXAMPLE, Nonsense

PULLS_ONLY = 'workflows:{event:"pull_request" branch:"@default"}'


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("", Written()), ("issues pulls", Written(events=("issues", "pulls"))),
        ("Pulls, RELEASES,pulls", Written(events=("pulls", "releases"))), ("all", Written(events=("all",))),
        ("commits:users/*", Written(events=("commits:users/*",))), ("commits:main", Written(events=("commits:main",))),
        ("commits:* commits:all", Written(events=("commits:*",))),
        ('commits:"a","b"', Written(events=("commits:a", "commits:b"))),
        ("branches:release/* tags:v*", Written(events=("branches:release/*", "tags:v*"))),
        ('reviews comments:"channel"', Written(events=("reviews", "comments"), broadcast=("comments",))),
        ('workflows:{name:"build","staging" event:"pull_request","push" branch:"main" actor:"octocat"}',
         Written(events=(
             'workflows:{name:"build","staging" event:"pull_request","push" branch:"main" actor:"octocat"}',))),
        ("workflows:{ branch:main , name:CI }", Written(events=('workflows:{name:"CI" branch:"main"}',))),
        ("workflows", Written(events=(PULLS_ONLY,))), ("workflows:*", Written(events=("workflows",))),
        ("statuses public allcommits", Written(events=("checks", "repository", "commits:*"))),
        ('+label:"priority:HIGH"', Written(filters={"labels": {"any": ["priority:HIGH"]}})),
        ("+label:“good first issue”", Written(filters={"labels": {"any": ["good first issue"]}})),
        ('+label:"a","b" ++label:c -label:"d" -label:e',
         Written(filters={"labels": {"any": ["a", "b"], "all": ["c"], "none": ["d", "e"]}})),
        ("no:label", Written(filters={"labels": {"empty": True}})),
        ("-author:renovate[bot] -bots -drafts", Written(
            filters={"authors": {"none": ["renovate[bot]"]}, "bots": False, "draft": False})),
        ('base:main,pulls head:"feature/*"', Written("", ("pulls",), {"base": ["main"], "head": ["feature/*"]})),
        ('path:"services/**" owner:"@acme/core" action:merged', Written(
            filters={"paths": ["services/**"], "owners": ["@acme/core"], "actions": ["merged"]})),
        ("conclusion:failure +only-changes environment:production state:failure", Written(filters={
            "conclusions": ["failure"], "only_changes": True, "environments": ["production"], "states": ["failure"]})),
        ("-acme/legacy -repo:old-* +topic:web +team:acme/core +author-team:acme/core", Written(filters={
            "repositories": {"none": ["acme/legacy", "old-*"]}, "topics": {"any": ["web"]},
            "repository_teams": {"any": ["acme/core"]}, "teams": {"any": ["acme/core"]}})),
        ('+assignee:"ada" -assignee:eve has:assignee +reviewer:"ada","acme/core" no:reviewer', Written(filters={
            "assignees": {"any": ["ada"], "none": ["eve"], "empty": False},
            "reviewers": {"any": ["ada", "acme/core"], "empty": True}})),
        ("base:main,release/* path:a/**,docs/ label:bug,urgent pulls", Written("", ("pulls",), {
            "base": ["main", "release/*"], "paths": ["a/**", "docs/"], "labels": {"any": ["bug", "urgent"]}})),
        ("comments:channel", Written(events=("comments",), broadcast=("comments",))),
        ("draft:false", Written(filters={"draft": False})),
        ('-author:"@octocat" +author-team:@acme/core owner:"@acme/core"', Written(filters={
            "authors": {"none": ["octocat"]}, "teams": {"any": ["acme/core"]}, "owners": ["@acme/core"]})),
        ('named "release  watch" pulls', Written("release watch", ("pulls",))), ("named bugs", Written("bugs")),
        ("style:line thread:off broadcast:merged +reactions -replies only pulls", Written(
            events=("pulls",), style="line", thread="off", broadcast=("merged",), reactions=True, replies=False,
            only=True)),
        ('quiet:"20:00-07:00 Europe/Berlin"', Written(
            quiet_hours={"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"})),
    ],
)  # fmt: skip
def test_what_is_typed_means_this(typed: str, written: Written) -> None:
    assert parsed(typed) == written
    assert parsed(printed(written)) == written


@pytest.mark.parametrize(
    ("typed", "plainly"),
    [
        ("“issues” ‘pulls’", "issues pulls"), ("«issues pulls»", "issues pulls"), ("'issues'", "issues"),
        ("“commits:release/*”", "commits:release/*"), ("issues\u00a0pulls,\u202freviews\u200b", "issues pulls reviews"),
        ("+label:‘bug’ –label:“wip”", '+label:"bug" -label:"wip"'), ("—bots --drafts", "-bots -drafts"),
        ("+label:‘won’t fix’,‘bug’", '+label:"won’t fix","bug"'), ("-author:won't", '-author:"won\'t"'),
        ("+label:'good first issue'", '+label:"good first issue"'), ("–acme/legacy", "-acme/legacy"),
        ("workflows:{name:“CI” branch:‘main’}", 'workflows:{name:"CI" branch:"main"}'),
        ("named ‘release watch’ pulls", 'named "release watch" pulls'), ("named “only”", 'named "only"'),
        ("quiet:“20:00–07:00 Europe/Berlin”", 'quiet:"20:00-07:00 Europe/Berlin"'),
    ],
)  # fmt: skip
def test_the_marks_of_phones_mean_the_plain_ones(typed: str, plainly: str) -> None:
    assert parsed(typed) == parsed(plainly)
    assert parsed(typed) != Written()


@pytest.mark.parametrize(
    ("typed", "at", "what", "example"),
    [
        ("pulls comets", 6, "I do not know comets. Did you mean comments?", EXAMPLE),
        ('pulls +lable:"x"', 6, "There is no filter +lable. Did you mean +label:…?", '+label:"bug"'),
        ("pulls –bot", 6, "There is no filter -bot. Did you mean -bots?", '-label:"wip"'),
        ("isues", 0, "I do not know isues. Did you mean issues?", EXAMPLE),
        ("pul", 0, "I do not know pul. Did you mean pulls?", EXAMPLE),
        ("acton:merged", 0, "I do not know acton. Did you mean action:…?", EXAMPLE),
        ("stlye:line", 0, "I do not know stlye. Did you mean style:…?", EXAMPLE),
        ("style:compct", 0, "style can be full, compact, line. Did you mean compact?", "style:compact"),
        ("broadcast:mergd", 0, "There is no mergd to tell in the channel. Did you mean merged?",
         'broadcast:"merged","reviews"'),
        ('workflows:{brnch:"x"}', 0, "A workflow has no brnch. Did you mean branch?",
         'workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}'),
        ('issues “pulls comets”', 7, "I do not know comets. Did you mean comments?", EXAMPLE),
        ('+label:"x', 7, "These quotes are not closed.", '+label:"good first issue"'),
        ('workflows:{name:"x"', 19, "These braces are not closed.",
         'workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}'),
        ('workflows:{job:"x"}', 0, "A workflow has no job.",
         'workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}'),
        ("pulls drafts", 6, "Drafts are told of unless you type -drafts.", "-drafts"),
        ("draft:true", 0, "Drafts are told of unless you type -drafts.", "-drafts"),
        ("bots", 0, "Programs are told of unless you type -bots.", "-bots"),
        ("label:" + ",".join(f"l{n}" for n in range(110)), 0,
         "At most 100 can stand here, and these are 110.", '+label:"…"'),
        ("+label:" + "x" * 300, 1, "A name here has at most 255 characters.", '+label:"…"'),
        ("pulls:main", 0, "pulls cannot be limited like this.", "pulls"),
        ('quiet:"25:00-07:00 Europe/Berlin"', 0, "These hours make no sense: a time of day looks like 07:00.",
         'quiet:"20:00-07:00 Europe/Berlin"'),
        ('quiet:"20:00-07:00"', 0,
         "These hours make no sense: the time zone is missing; name one such as Europe/Berlin.",
         'quiet:"20:00-07:00 Europe/Berlin"'),
        ("issues named", 7, "Here the name is missing.", 'named "release watch"'),
        (f"named {'x' * 300} pulls", 6, "A name has 60 characters at most.", 'named "release watch"'),
        ("style:loud", 0, "style can be full, compact, line.", "style:compact"),
        ("broadcast:exploded", 0, "There is no exploded to tell in the channel.", 'broadcast:"merged","reviews"'),
        ("owner:core", 0, "Core is no owner; name one as CODEOWNERS does, such as @acme/core.", 'owner:"@acme/core"'),
        ("pulls +team:core", 7, "Core is no team; name one with its organization, such as acme/core.",
         '+team:"acme/core"'),
        ('pulls"x"', 5, "There has to be a space before this.",
         'pulls reviews +label:"bug" workflows:{name:"CI" branch:"main"}'),
    ],
)  # fmt: skip
def test_nonsense_is_told_with_its_place_and_an_example(typed: str, at: int, what: str, example: str) -> None:
    with pytest.raises(Nonsense) as told:
        parsed(typed)
    assert (told.value.at, told.value.what, told.value.example) == (at, what, example)


names = st.text(st.sampled_from("aB1 ,:\"'\\“”„’«{}/*-–+é"), min_size=1, max_size=6)
some = st.lists(names, min_size=1, max_size=3, unique=True)
teams = st.lists(st.from_regex(r"[a-z]{1,3}/[a-z]{1,3}", fullmatch=True), min_size=1, max_size=2, unique=True)


def choices(lists: st.SearchStrategy[list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    optional = {"any": lists, "all": lists, "none": lists, "empty": st.booleans()}
    return st.fixed_dictionaries({}, optional=optional).filter(bool)


def of(values: frozenset[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=3, unique=True)


filters = st.fixed_dictionaries({}, optional={
    **{name: choices(teams if "team" in name else some) for name in CHOICES.values()},
    **dict.fromkeys(("base", "head", "paths", "environments"), some),
    "owners": st.lists(names.map(lambda name: f"@{name}"), min_size=1, max_size=2, unique=True),
    "actions": of(words.ACTIONS["pulls"]), "conclusions": of(words.CONCLUSIONS), "states": of(words.STATES),
    **dict.fromkeys(("bots", "draft", "only_changes"), st.booleans()),
})  # fmt: skip
patterns = st.text(st.sampled_from('aB1,:"\\“{}/*-+é'), min_size=1, max_size=6)
workflows = st.fixed_dictionaries({}, optional=dict.fromkeys(words.KEYS, some)).filter(bool)
events = st.one_of(
    st.sampled_from([*GITHUB_FEATURES, words.ALL]),
    st.tuples(st.sampled_from(words.PATTERNED), patterns).map(":".join),
    workflows.map(lambda where: str(words.Asked("workflows", where=tuple(
        (key, tuple(where[key])) for key in words.KEYS if key in where)))),
)  # fmt: skip
written = st.builds(
    Written, name=st.just("") | names.map(lambda name: " ".join(name.split())),
    events=st.lists(events, max_size=5, unique=True).map(tuple), filters=filters,
    style=st.sampled_from(["", "full", "compact", "line"]), thread=st.sampled_from(["", "only", "on", "off"]),
    broadcast=st.lists(st.sampled_from(["merged", "reviews", "all"]), unique=True).map(tuple),
    reactions=st.sampled_from([None, True, False]), replies=st.sampled_from([None, True, False]), only=st.booleans(),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written)
def test_what_is_printed_is_parsed_to_the_same(whole: Written) -> None:
    assert unknown_events("github", whole.events) == []
    assert parsed(printed(whole)) == whole
    GitHubFilters.model_validate(whole.filters)


@given(st.text(alphabet='pulse commits:{}"“”,+-\\\n*/', max_size=40) | st.text(max_size=30))
def test_whatever_is_typed_is_understood_or_told_where_it_makes_no_sense(typed: str) -> None:
    whole, nonsense = tried(typed)
    if nonsense is not None:
        assert nonsense.what
        assert 0 <= nonsense.at <= len(typed)
    assert parsed(printed(whole)) == whole


def tried(typed: str) -> tuple[Written, Nonsense | None]:
    """What it means, or what is wrong with it and what its example means."""
    try:
        return parsed(typed), None
    except Nonsense as nonsense:
        return parsed(nonsense.example), nonsense
