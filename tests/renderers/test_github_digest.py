"""The digest of what waits for a review, as a whole."""

from dataclasses import asdict
from datetime import UTC, datetime

from adapters.github.reviews import Waiting
from bot.message import Message
from bot.renderers.github_digest import digest, missed, nothing
from sandbox.blocks import problems

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def waiting(
    number: int, opened: str, *reviewers: str, title: str = "Oil the door", asked: str = ""
) -> dict[str, object]:
    url = f"https://github.com/acme/web/pull/{number}"
    return asdict(Waiting("acme/web", number, title, url, "octocat", opened, reviewers, asked))


def text(words: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def small(*words: str) -> dict[str, object]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": each} for each in words]}


def test_the_oldest_comes_first_and_what_is_beyond_the_target_is_marked() -> None:
    found = [
        waiting(3, "2026-11-23T08:00:00Z", "ada", title="<!channel> *x*"),
        waiting(1, "2026-11-20T08:00:00Z", "ada", "core"),
        waiting(2, "2026-11-21T10:00:00Z"),
        waiting(4, "2026-11-01T10:00:00Z", "ada", asked="2026-11-22T10:00:00Z"),
    ]
    heading = "*4 pull requests wait for a review*, 1 of them for more than 2 days"
    page = "<https://github.com/acme/web/pull"
    lines = [
        f":alarm_clock: {page}/1|acme/web#1 Oil the door> by octocat, opened 3 days ago, waits for ada, core",
        f"• {page}/2|acme/web#2 Oil the door> by octocat, opened 1 day ago",
        f"• {page}/4|acme/web#4 Oil the door> by octocat, review asked for 23 hours ago, waits for ada",
        f"• {page}/3|acme/web#3 &lt;!channel&gt; ∗x∗> by octocat, opened 1 hour ago, waits for ada",
    ]
    assert digest(found, mine=False, target=2, now=NOW, missed=["Not all."]) == Message(
        "\n".join([heading, *lines]),
        [text(heading), text("\n".join(lines)), small("Not all.")],
    )


def test_ones_own_is_said_so_and_many_are_counted() -> None:
    one = digest([waiting(1, "2026-11-20T08:00:00Z")], mine=True, target=0, now=NOW)
    assert one.text.startswith("*1 pull request waits for your review*\n• <")
    many = digest(
        [waiting(n, "nonsense", "x" * 300, title="<@U1>" * 90) for n in range(45)], mine=True, target=1, now=NOW
    )
    assert many.blocks[-1] == small("and 25 more")
    assert (len(many.blocks), problems(many.blocks, "message"), "<@U1>" in str(many.blocks)) == (6, [], False)


def test_where_nothing_waits() -> None:
    said = "Nothing waits for your review. :tada:"
    assert nothing(mine=True) == Message(said, [text(said)])
    other = "No pull request waits for a review. :tada:"
    unseen = missed(["acme/x", "<b>"], 0, sure=True)
    assert nothing(mine=False, missed=unseen) == Message(
        other, [text(other), small("I could not look at acme/x, &lt;b&gt;.")]
    )


def test_what_there_was_no_time_for_is_counted_unless_some_of_it_may_be_secret() -> None:
    rest = "There were {} more repositories than I can look at: name the ones that matter, `/github remind here …`."
    assert missed([], 1200, sure=True) == [rest.format("1,200")]
    assert missed(["acme/x"], 3, sure=False) == ["I could not look at acme/x.", rest.format("some")]
    assert missed([], 0, sure=True) == []
