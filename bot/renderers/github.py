"""What connect says about GitHub's events: one pure function per event, from the payload to `News`.

Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads. A renderer never raises, whatever is null in
them; an event without the numbers that name its resource is no news.
"""

from bot.message import Message, code, link, one_line, strong
from bot.payload import Payload, flag, mapping, objects, text, texts
from bot.renderers import github_cards as cards
from bot.renderers.news import Facts, News
from bot.renderers.parts import dotted, plural, who

COMMITS_SHOWN = 5

ENDINGS = {
    "success": "succeeded",
    "failure": "failed",
    "error": "ended with an error",
    "inactive": "is no longer active",
}
"""The states that end a deployment, as the end of a sentence about it."""


def pull_request_opened(payload: Payload) -> News | None:
    """A new pull request: the card says it all."""
    return _pull_news(payload, opens=True)


def pull_request_ready_for_review(payload: Payload) -> News | None:
    """A draft that may be reviewed now."""
    return _pull_news(payload, "marked this as ready for review", opens=True)


def pull_request_reopened(payload: Payload) -> News | None:
    """A closed pull request that is open again."""
    return _pull_news(payload, "reopened this", opens=True)


def pull_request_closed(payload: Payload) -> News | None:
    """The end of a pull request: merged, or closed as it was."""
    if not flag(payload, "pull_request", "merged"):
        return _pull_news(payload, "closed this without merging")
    base = code(text(payload, "pull_request", "base", "ref"))
    return _pull_news(payload, f"merged this into {base}" if base else "merged this")


def pull_request_refreshed(payload: Payload) -> News | None:
    """A change that the card shows and that needs no words (labels, reviewers, new commits, …)."""
    return _pull_news(payload)


def issue_opened(payload: Payload) -> News | None:
    """A new issue: the card says it all."""
    return _issue_news(payload, opens=True)


def issue_closed(payload: Payload) -> News | None:
    """A closed issue, with the reason if GitHub gives one."""
    reason = cards.REASONS.get(text(payload, "issue", "state_reason"))
    return _issue_news(payload, f"closed this as {reason}" if reason else "closed this")


def issue_reopened(payload: Payload) -> News | None:
    """A closed issue that is open again."""
    return _issue_news(payload, "reopened this", opens=True)


def issue_refreshed(payload: Payload) -> News | None:
    """A change that the card shows and that needs no words."""
    return _issue_news(payload)


def release_published(payload: Payload) -> News | None:
    """A release for everyone to see; it has no state to follow, so there is no card."""
    release = mapping(payload, "release")
    tag = text(release, "tag_name")
    if not tag:
        return None
    named = text(release, "name")
    label = f"{tag}: {named}" if named and named != tag else tag
    did = "published the pre-release" if flag(release, "prerelease") else "released"
    sentence = f"{_actor(payload)} {did} {link(text(release, 'html_url'), label)}"
    notes = cards.body(release)
    return News(
        feature="releases",
        resource="",
        card=None,
        line=Message(f"📦 {sentence}{_in_repository(payload)}" + (f"\n{notes}" if notes else "")),
        uid=text(release, "id"),
        facts=_facts(payload, release, "author", base=text(release, "target_commitish")),
        actor=text(payload, "sender", "login"),
        actor_id=text(payload, "sender", "id"),
    )


def push(payload: Payload) -> News | None:
    """Commits on a branch; tags, deleted branches and new branches without commits of their own are no news."""
    ref = text(payload, "ref")
    commits = objects(payload, "commits")
    forced = flag(payload, "forced")
    if not ref.startswith("refs/heads/") or flag(payload, "deleted") or not (commits or forced):
        return None
    branch = ref.removeprefix("refs/heads/")
    return News(
        feature="commits",
        resource="",
        card=None,
        line=Message("\n".join([_push_sentence(payload, branch, len(commits)), *_commit_lines(commits)])),
        facts=_facts(payload, payload, "sender", base=branch),
        actor=text(payload, "sender", "login"),
        actor_id=text(payload, "sender", "id"),
    )


def deployment_status_created(payload: Payload) -> News | None:
    """A step of a deployment: the card follows it, and its end gets a line as well."""
    repository, number = text(payload, "repository", "full_name"), text(payload, "deployment", "id")
    if not repository or not number:
        return None
    state = text(payload, "deployment_status", "state")
    sentence = _deployment_sentence(payload, state)
    return News(
        feature="deployments",
        resource=f"{repository}@deployment/{number}",
        card=cards.deployment(payload),
        line=Message(sentence) if sentence else None,
        version=text(payload, "deployment_status", "updated_at") or text(payload, "deployment_status", "created_at"),
        uid=number,
        # An old deployment ends because a new one took its place: that alone is not worth a card.
        opens=state != "inactive",
        facts=_facts(payload, mapping(payload, "deployment"), "creator", base=text(payload, "deployment", "ref")),
        actor=text(payload, "sender", "login"),
        actor_id=text(payload, "sender", "id"),
    )


def _pull_news(payload: Payload, did: str = "", *, opens: bool = False) -> News | None:
    pull = mapping(payload, "pull_request")
    resource = _reference(payload, pull)
    if not resource:
        return None
    return News(
        feature="pulls",
        resource=resource,
        card=cards.pull_request(payload),
        line=_sentence(payload, did),
        version=text(pull, "updated_at"),
        uid=text(pull, "id"),
        opens=opens,
        facts=_facts(payload, pull, "user", base=text(pull, "base", "ref")),
        actor=text(payload, "sender", "login"),
        actor_id=text(payload, "sender", "id"),
    )


def _issue_news(payload: Payload, did: str = "", *, opens: bool = False) -> News | None:
    issue = mapping(payload, "issue")
    resource = _reference(payload, issue)
    if not resource:
        return None
    return News(
        feature="issues",
        resource=resource,
        card=cards.issue(payload),
        line=_sentence(payload, did),
        version=text(issue, "updated_at"),
        uid=text(issue, "id"),
        opens=opens,
        facts=_facts(payload, issue, "user"),
        actor=text(payload, "sender", "login"),
        actor_id=text(payload, "sender", "id"),
    )


def _facts(payload: Payload, resource: Payload, author: str, base: str = "") -> Facts:
    return Facts(
        author=text(resource, author, "login"),
        bot=text(resource, author, "type") == "Bot",
        labels=frozenset(texts(resource, "labels", key="name")),
        base=base,
        default_branch=bool(base) and base == text(payload, "repository", "default_branch"),
        draft=flag(resource, "draft"),
        type=text(resource, "type", "name"),
    )


def _reference(payload: Payload, resource: Payload) -> str:
    repository, number = text(payload, "repository", "full_name"), text(resource, "number")
    return f"{repository}#{number}" if repository and number else ""


def _sentence(payload: Payload, did: str) -> Message | None:
    return Message(f"{_actor(payload)} {did}") if did else None


def _actor(payload: Payload) -> str:
    return who(text(payload, "sender", "login"))


def _in_repository(payload: Payload) -> str:
    repository = cards.repository_link(payload)
    return f" in {repository}" if repository else ""


def _push_sentence(payload: Payload, branch: str, count: int) -> str:
    pushed = "force-pushed" if flag(payload, "forced") else "pushed"
    where = code(branch) + _in_repository(payload)
    if not count:
        return f"{_actor(payload)} {pushed} {where} back to {code(text(payload, 'after')[:7])}"
    commits = link(text(payload, "compare"), plural(count, "commit"))
    to = "to the new branch" if flag(payload, "created") else "to"
    return f"{_actor(payload)} {pushed} {commits} {to} {where}"


def _commit_lines(commits: list[Payload]) -> list[str]:
    lines = [_commit_line(commit) for commit in commits[:COMMITS_SHOWN]]
    more = len(commits) - COMMITS_SHOWN
    return [*lines, f"and {more:,} more"] if more > 0 else lines


def _commit_line(commit: Payload) -> str:
    sha = link(text(commit, "url"), text(commit, "id")[:7].replace("`", "'"))
    subject = one_line(text(commit, "message").strip().partition("\n")[0], 100) or "(no message)"
    author = one_line(text(commit, "author", "username") or text(commit, "author", "name"), 40)
    return " ".join(part for part in ("•", f"`{sha}`" if sha else "", subject, f"– {author}" if author else "") if part)


def _deployment_sentence(payload: Payload, state: str) -> str:
    if state not in ENDINGS:
        return ""
    emoji, _ = cards.deployment_state(payload)
    sentence = f"{emoji} The deployment to {strong(cards.environment(payload))} {ENDINGS[state]}"
    return dotted(sentence, cards.deployment_links(payload))
