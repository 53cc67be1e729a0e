"""Opening an issue's card in a subscribed channel after the issue was read: the event showed a part of it only."""

from adapters.jira.issue import Issue
from bot.filters import passes
from bot.flows.plan import Consequences, to_slack
from bot.flows.tickets import cause_of
from bot.message import Message
from bot.renderers.jira import card, facts
from bot.renderers.news import News
from storage.integrations import Integration


def opened(row: Integration, issue: Issue) -> Consequences:
    """The card and the line beneath it, unless only some may see the issue or the subscription does not want it."""
    payload = row.payload
    news = News(payload["feature"], issue.resource, None, None, facts=facts(issue))
    unwanted = passes(payload["events"], payload["filters"], news, "jira")
    if unwanted or (issue.secured and not payload["private"]):
        return Consequences()
    channel, resource = payload["channel"], {"service": "jira", "resource": issue.resource, "uid": issue.uid}
    account = {name: payload[name] for name in ("subscription",) if name in payload}
    order, cause = f"{channel}:{issue.resource}", cause_of(row)
    rows = [
        to_slack(
            "post_message", f"card:{channel}:jira:{issue.resource}", order, cause, channel,
            {"channel": channel, "card": {**resource, "url": issue.url}, **account}, card(issue),
        )
    ]  # fmt: skip
    if payload.get("line"):
        said, beneath = Message(**payload["line"]), {"channel": channel, "card_of": resource, **account}
        rows.append(to_slack("post_message", payload["line_key"], order, cause, channel, beneath, said))
    return Consequences(integrations=tuple(rows))
