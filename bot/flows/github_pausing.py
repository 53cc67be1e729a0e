"""`/github pause` and `resume`, and their buttons: what whoever asks may read goes on, the rest stays as it is."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection

from bot.create_screens import PATIENCE
from bot.flows.asker import Asker, may_not
from bot.flows.github_reach import PUBLIC_ONLY, Reach, allowed, for_readers, reach, unseen_of
from bot.flows.github_subscribing import meant
from bot.flows.subscribing import say, seen_channel
from bot.message import Message, escape
from bot.services import Services
from storage import subscriptions
from storage.subscriptions import Kept

PAUSED = "somebody typed `/github pause`"
LATER = "GitHub answers slowly just now: try {} again in a moment, by its name."


def pause(services: Services, asker: Asker, text: str) -> Message:
    """Pause what is meant: all there is, if nothing is named."""

    kept, wrong = _of_member(services, asker, text)
    if wrong:
        return say(wrong)

    def stop(connection: Connection) -> None:
        for one in kept:
            subscriptions.change(connection, one.id, services.now(), paused=PAUSED, by=asker.user)

    services.database.run(stop)
    return say(f":double_vertical_bar: {_are(kept)} paused. `/github resume` goes on.")


def resume(services: Services, asker: Asker, text: str) -> Message:
    """End the pause of what is meant and of what whoever asks may let the channel hear."""
    kept, wrong = _of_member(services, asker, text)
    return say(wrong or " ".join(again(services, asker, kept)))


def again(services: Services, asker: Asker, kept: Sequence[Kept]) -> list[str]:
    """End the pauses of subscriptions, as far as who asks may; what there is to say of it."""
    private, _, unseen = seen_channel(services, asker)
    if unseen:
        return [unseen]
    reaches = _reaches(services, asker, [one.source for one in kept if not allowed(one)], private=private)
    going = [one for one in kept if allowed(one) or not _barred(one, reaches[one.source])]

    def go_on(connection: Connection) -> None:
        for one in going:
            told = 1 if allowed(one) else int(reaches[one.source].private)
            subscriptions.change(connection, one.id, services.now(), paused="", private=told)

    services.database.run(go_on)
    said = [f":arrow_forward: {_are(going)} told here again."] if going else []
    unseen = [source for source, one in reaches.items() if one.unseen]
    told = [one.refusal or one.warning for one in reaches.values() if not one.unseen]
    told += [unseen_of(services, unseen)] if unseen else []
    told += [PUBLIC_ONLY] if {one.source for one in going} & {*unseen} else []
    return [*said, *(text for text in dict.fromkeys(told) if text)]


def _barred(kept: Kept, found: Reach) -> bool:
    return bool(found.refusal) or for_readers(kept, found)


def _reaches(services: Services, asker: Asker, sources: Sequence[str], *, private: bool) -> dict[str, Reach]:
    """What each source may tell here; once they have taken as long as somebody may wait, the rest is for later."""
    begun, found = time.monotonic(), dict[str, Reach]()
    for source in dict.fromkeys(sources):
        late = found and time.monotonic() - begun > PATIENCE / 2
        found[source] = Reach(LATER.format(escape(source))) if late else reach(
            services, asker, source, private=private)  # fmt: skip
    return found


def _of_member(services: Services, asker: Asker, text: str) -> tuple[list[Kept], str]:
    reason = may_not(services, asker)
    return ([], reason) if reason else meant(services, asker, text)


def _are(kept: Sequence[Kept]) -> str:
    named = ", ".join(f"*{escape(one.source)}*{f' ({escape(one.name)})' if one.name else ''}" for one in kept)
    return f"{named} {'is' if len(kept) == 1 else 'are'}"
