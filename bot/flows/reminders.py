"""Reminders: people, and channels, are told at their own times which pull requests wait for a review.

Each is sent once for each moment at which it is due, and after connect was away once, late; GitHub is asked at the time
of sending, so that what it says is so. Nothing is said where nothing waits, but for a weekly one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound, Rejected
from bot.flows import quiet_hours
from bot.flows.asker import Asker, may_not, may_not_look
from bot.flows.away import again
from bot.flows.github_naming import without_link
from bot.flows.notice_choices import not_on_github
from bot.flows.plan import Consequences, to_slack
from bot.flows.subscribing import say
from bot.flows.tickets import cause_of
from bot.github_filters import reaches
from bot.github_filters import read as filters_of
from bot.manner import quiet_until
from bot.message import Message, code, escape
from bot.operations.github import github_of
from bot.operations.github_accounts import readable
from bot.operations.github_links import own_github
from bot.reminding import Reminder, Unclear, When, Wish, due, reminder_of, wish, zone_named
from bot.renderers.github_digest import digest, missed, nothing
from bot.services import Services
from storage import integrations, preferences, subscriptions
from storage.integrations import Integration, NewIntegration
from storage.subscriptions import Kept

PREFERENCE = "github reminders"
"""By this name the reminders of a person or a channel are kept: a list."""
MOST = 10
"""Reminders of one person or channel."""
BLIND = (
    "I was to tell what waits for a review, and this channel hears of no repository any more. `/github subscribe "
    "owner/repo` changes that; `/github remind here off` ends this reminder."
)
CHECK = "Check the name; a time zone looks like `Europe/Berlin`."
NONE_HERE = "Name a repository, or subscribe this channel to one first: I would have nothing to look at."


# --- what people choose ----------------------------------------------------------------------------------------------


def choose(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """`/github remind …`: see `bot.reminding`."""
    try:
        asked = wish([without_link(services, word) for word in words])
    except Unclear as unclear:
        return say(escape(unclear, 1000))
    mine = asker.channel_id.startswith("D") if asked.mine is None else asked.mine
    subject = asker.user if mine else asker.channel
    refusal = (may_not_look if asked.kind == "show" else may_not)(services, asker)
    if refusal:
        return say(refusal)
    if asked.kind == "show":
        return _shown(services, asker)
    if asked.kind == "off":
        return _ended(services, subject, asked, mine=mine)
    if asked.kind == "target":
        return _aimed(services, subject, asked, mine=mine)
    refusal = _impossible(services, asker, asked, mine=mine)
    return say(refusal) if refusal else _set(services, asker, subject, asked, mine=mine)


def _set(services: Services, asker: Asker, subject: str, asked: Wish, *, mine: bool) -> Message:
    now, zone = services.now(), asked.timezone or _zone_of(services, asker)
    when = When(asked.every, asked.at, zone, asked.day)
    made = Reminder(when, asked.repositories, asked.target or 0, asker.user, now.isoformat())

    def put(connection: Connection) -> bool:
        kept = _locked(connection, subject, now)
        before = next((one for one in kept if one.name == made.name), None)
        new = replace(made, target=before.target if before and asked.target is None else made.target)
        others = [one for one in kept if one.name != made.name]
        _keep(connection, subject, [*others, new] if len(others) < MOST else kept, now)
        return len(others) < MOST

    if not services.database.run(put):
        return say(f"There are {MOST} reminders already. `/github remind {'me' if mine else 'here'} off` ends them.")
    whose = "you, in a direct message," if mine else "this channel"
    off = "`/github remind me off` ends it."
    how = off if mine else "`/github remind here off` ends it; `me` in it is for you alone."
    return say(f":alarm_clock: From now on I tell {whose} {when.words} what waits for a review{_about(made)}. {how}")


def _ended(services: Services, subject: str, asked: Wish, *, mine: bool) -> Message:
    name, now = Reminder(When("daily", "", ""), asked.repositories).name, services.now()

    def end(connection: Connection) -> int:
        kept = _locked(connection, subject, now)
        left = [one for one in kept if asked.repositories and one.name != name]
        _keep(connection, subject, left, now)
        return len(kept) - len(left)

    whom = "you" if mine else "this channel"
    if services.database.run(end):
        return say(f"I do not remind {whom} any more{' of that' if asked.repositories else ''}.")
    return say(f"I did not remind {whom}. `/github remind list` shows what there is.")


def _aimed(services: Services, subject: str, asked: Wish, *, mine: bool) -> Message:
    now, target = services.now(), asked.target or 0

    def aim(connection: Connection) -> int:
        kept = _locked(connection, subject, now)
        _keep(connection, subject, [replace(one, target=target) for one in kept], now)
        return len(kept)

    if not services.database.run(aim):
        whom = "me" if mine else "here"
        return say(f"Say first when I am to remind: `/github remind {whom} weekdays 09:00 target {target} days`.")
    return say(f"I mark what waits for more than {_days(target)}." if target else "I mark nothing any more.")


def _locked(connection: Connection, subject: str, now: datetime) -> list[Reminder]:
    return [reminder_of(one) for one in preferences.locked(connection, subject, PREFERENCE, now) or ()]


def _keep(connection: Connection, subject: str, reminders: Sequence[Reminder], now: datetime) -> None:
    if reminders:
        preferences.put(connection, subject, PREFERENCE, [one.kept() for one in reminders], now)
    else:
        preferences.remove(connection, subject, PREFERENCE)


def _impossible(services: Services, asker: Asker, asked: Wish, *, mine: bool) -> str:
    """Why somebody, or their channel, cannot be reminded (empty: it can)."""
    if mine and ((unknown := not_on_github(services, asker)) or not asked.repositories):
        return unknown
    with services.database.read() as connection:
        heard = {one.source.lower() for one in subscriptions.of_channel(connection, asker.channel, "github")}
    if not asked.repositories:
        return "" if heard else NONE_HERE
    for name in asked.repositories:
        if not mine and {name.lower(), name.partition("/")[0].lower()} & heard:
            continue
        try:
            private = _is_private(services, asker, name)
        except AdapterError as error:
            otherwise = f"I could not ask GitHub for {code(name)}. Try again in a moment. ({escape(error, 200)})"
            return again(services, "GitHub", error, otherwise)
        if private is None:
            return f"GitHub has no {code(name)} that you and I can see. {CHECK}"
        if private and not mine:
            return f"{code(name)} is private: `/github subscribe {escape(name)}` first lets this channel hear of it."
    return ""


def _is_private(services: Services, asker: Asker, name: str) -> bool | None:
    """Whether a repository is private; None if there is none by this name, or none that is for the person to see."""
    try:
        own = own_github(services, asker.user, urgent=True)
        private = (own.github if own else github_of(services, urgent=True)).repository(name).private
        return private if not private or own or readable(services, asker.user, name, urgent=True) else None
    except NotFound:
        return None


def _zone_of(services: Services, asker: Asker) -> str:
    """The time zone of the person's profile in Slack."""
    slack = services.urgent.slack
    return (zone_named(services.people.person(slack, asker.user).timezone) if slack else "") or "UTC"


def _shown(services: Services, asker: Asker) -> Message:
    lines: list[str] = []
    with services.database.read() as connection:
        for subject, whom in ((asker.user, "you"), (asker.channel, "this channel")):
            for kept in preferences.get(connection, subject, PREFERENCE) or ():
                one = reminder_of(kept)
                late = f", marking what waits for more than {_days(one.target)}" if one.target else ""
                lines.append(f"• {whom}, {one.when.words}{_about(one)}{late}")
    if not lines:
        return say(
            "I remind nobody here of reviews. `/github remind me weekdays 09:00` tells you what waits for yours, "
            "`/github remind here weekly monday 09:00` tells this channel what waits in its repositories."
        )
    return say("\n".join([":alarm_clock: I tell what waits for a review to", *lines]))


def _about(reminder: Reminder) -> str:
    return f" in {', '.join(map(code, reminder.repositories))}" if reminder.repositories else ""


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


# --- when it is time -------------------------------------------------------------------------------------------------


def remind(services: Services) -> None:
    """Begin what is due by now; a job does this every minute."""
    now = services.now()
    begun = services.database.run(lambda connection: integrations.add(connection, planned(connection, now), None, now))
    if begun:
        services.work.ring(len(begun))


def planned(connection: Connection, now: datetime) -> list[NewIntegration]:
    """What is to be read of GitHub for the reminders that are due by now, each noted as done for that moment."""
    waiting = {
        subject: kept
        for subject, kept in preferences.subjects(connection, PREFERENCE).items()
        if any(due(reminder_of(one), now) for one in kept or ())
    }
    rows: list[NewIntegration] = []
    for subject in sorted(waiting):
        kept = _locked(connection, subject, now)
        moments = [due(one, now) for one in kept]
        rows += [_asked(connection, subject, one, at) for one, at in zip(kept, moments, strict=True) if at]
        done = [replace(one, since=at.isoformat()) if at else one for one, at in zip(kept, moments, strict=True)]
        _keep(connection, subject, done, now)
    return rows


def _asked(connection: Connection, subject: str, reminder: Reminder, at: datetime) -> NewIntegration:
    mine, names, owners = subject == reminder.by, list(reminder.repositories), list[str]()
    if not mine and not names:
        heard = [one.source for one in _hearing(connection, subject)]
        names, owners = ([source for source in heard if ("/" in source) is full] for full in (True, False))
    payload = {
        "subject": subject, "mine": mine, "repositories": names, "owners": owners, "named": bool(reminder.repositories),
        "name": reminder.name, "target": reminder.target, "weekly": reminder.when.every == "weekly",
    }  # fmt: skip
    key = f"remind:{subject}:{reminder.name}:{at.astimezone(UTC).isoformat()}"
    return NewIntegration(
        operation="read_reviews", key=key, ordering_key=f"remind:{subject}:{reminder.name}", source_service="github",
        target_service="github", event_type="reminder", source_id=subject, target_id=subject, payload=payload,
    )  # fmt: skip


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The person, or the channel, is told; nothing where nothing waits, but for a weekly reminder."""
    at, payload, left_out = datetime.fromisoformat(data["now"]), row.payload, data.get("left_out", 0)

    def told(connection: Connection, now: datetime) -> list[NewIntegration]:
        kept = [] if payload["mine"] else _hearing(connection, payload["subject"])
        heard = [one for one in data["found"] if payload["mine"] or _may_hear(kept, one, named=payload["named"])]
        waiting = [each for one in heard for each in one["waiting"]]
        # What the channel may not hear of counts as not there: the name of a subscription may have been guessed.
        hidden = [one["asked"] for one in data["found"] if one["private"] and one not in heard]
        unseen = [*data["unseen"], *(name for name in hidden if name in payload["repositories"])]
        small = missed(unseen, left_out, sure=not payload["owners"])
        if waiting:
            said = digest(waiting, mine=payload["mine"], target=payload["target"], now=at, missed=small)
            return [_posted(connection, row, said, kept, now)]
        blind = not (payload["mine"] or heard or small) and (data["found"] or not payload["owners"])
        said = say(BLIND) if blind else nothing(mine=payload["mine"], missed=small)
        return [_posted(connection, row, said, kept, now)] if payload["weekly"] else []

    return Consequences(later=told)


def _hearing(connection: Connection, channel: str) -> list[Kept]:
    return [one for one in subscriptions.of_channel(connection, channel, "github") if not one.paused]


def _may_hear(kept: Sequence[Kept], found: Mapping[str, Any], *, named: bool) -> bool:
    """Whether a channel may be told of a repository, and wants to be: of a private one as its subscriptions may."""
    repository = str(found["repository"])
    sources = (repository.lower(), repository.partition("/")[0].lower())
    wanted = [one for one in kept if one.source.lower() in sources and reaches(filters_of(one.filters), repository)]
    return any(one.private for one in wanted) if found["private"] else bool(named or wanted)


def not_read(row: Integration, error: AdapterError) -> Consequences:
    """They are told why there is no reminder this time; one for whom there is no account any more ends with that."""
    gone = isinstance(error, Rejected) and error.code == "no_account"
    ended = " I do not remind you of this any more; `/github remind` starts it again." if gone else ""
    text = f":warning: I was to remind you of reviews, and could not. {escape(error)}{ended}"

    def told(connection: Connection, now: datetime) -> list[NewIntegration]:
        subject = row.payload["subject"]
        if gone:
            left = [one for one in _locked(connection, subject, now) if one.name != row.payload["name"]]
            _keep(connection, subject, left, now)
        return [_posted(connection, row, say(text), (), now)]

    return Consequences(later=told)


def _posted(
    connection: Connection, row: Integration, message: Message, kept: Sequence[Kept], now: datetime
) -> NewIntegration:
    """Told at once; in the quiet hours of a person, or of all of a channel's subscriptions, when the first end."""
    subject, key = row.payload["subject"], f"{row.key}:digest"
    until = [quiet_hours.until(connection, subject, now)]
    if kept:
        until = [quiet_until(one.manner.quiet_hours, now) for one in kept]
    new = to_slack("post_message", key, row.ordering_key, cause_of(row), subject, {"channel": subject}, message)
    return replace(new, not_before=None if None in until else min(moment for moment in until if moment))
