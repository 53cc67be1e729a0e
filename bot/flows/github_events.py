"""GitHub → Slack: one card per pull request, issue or deployment and channel, what happens later in its thread."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from adapters.github.webhook import read_payload
from bot.flows.placing import Occasion, place
from bot.flows.plan import Planned
from bot.payload import flag, text
from bot.renderers.registry import render_github
from storage.deliveries import Claimed
from storage.subscriptions import Kept


def plan(claimed: Claimed) -> Callable[[Session], Planned]:
    """Read and render a GitHub webhook; what is returned plans the calls."""
    payload = read_payload(claimed.headers, claimed.body)
    news = render_github(claimed.event, payload)
    if news is None:
        nothing = Planned(ignored=f"nothing to tell of {claimed.event}")
        return lambda _: nothing
    occasion = Occasion("github", claimed.event, claimed.id, text(payload, "repository", "full_name"))
    hidden = flag(payload, "repository", "private")
    return lambda session: place(session, occasion, news, lambda kept: _withheld(kept, hidden=hidden))


def _withheld(kept: Kept, *, hidden: bool) -> str:
    return "the repository is private and the channel is not" if hidden and not kept.private else ""
