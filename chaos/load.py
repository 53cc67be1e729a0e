"""What happens in the arena: webhooks of issues and pull requests, and requests over REST, each with its nonce."""

import json
import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from chaos.arena import Arena
from chaos.oracle import Place
from chaos.sender import Event
from sandbox.github.state import Repo
from sandbox.jira.model import Project
from sandbox.slack import MEMBER
from sandbox.standin import Outgoing, StandIn, compact

REQUESTS: dict[str, tuple[tuple[str, str, str], tuple[Place, ...]]] = {
    "Slack message": (("jira", "slack", "post_message"), ("message",)),
    "Slack reply": (("jira", "slack", "post_message"), ("reply",)),
    "Jira issue": (("slack", "jira", "create_ticket"), ("jira issue", "message")),
    "Jira comment": (("slack", "jira", "add_comment"), ("jira comment",)),
    "GitHub issue": (("slack", "github", "create_issue"), ("github issue",)),
    "GitHub comment": (("slack", "github", "add_comment"), ("github comment",)),
}
"""What can be asked for over REST, and where its effects appear."""
CALLS = {
    "Slack message": ("slack", "chat.postMessage"),
    "Slack reply": ("slack", "chat.postMessage"),
    "Jira issue": ("jira", "createIssue"),
    "Jira comment": ("jira", "addComment"),
    "GitHub issue": ("github", "issues/create"),
    "GitHub comment": ("github", "issues/create-comment"),
}
"""The call that each leads to, by the service's own name."""


class Load:
    """Makes events. The first `places` repositories, projects and channels are used in turn, so that lanes are many."""

    def __init__(self, arena: Arena, places: int = 10) -> None:
        self._arena = arena
        self._count = 0
        self.channels = [_channel(arena, number) for number in range(places)]
        self.repositories = [_repository(arena, number) for number in range(places)]
        self.projects = [_project(arena, number) for number in range(places)]
        self._threads = [arena.slack.say(MEMBER, channel, "a thread") for channel in self.channels]
        self._issues = [arena.jira.create(project, "Task", "an issue") for project in self.projects]
        self._tickets = [arena.github.open_issue(repository, "an issue") for repository in self.repositories]
        for standin in arena.standins:
            standin.take()

    def subscribe(self) -> None:
        """Each channel follows one repository and one project."""
        for repository, project, channel in zip(self.repositories, self.projects, self.channels, strict=True):
            self._arena.subscribe("github", repository, channel)
            self._arena.subscribe("jira", project, channel)

    def nonce(self) -> str:
        """A word that appears nowhere else."""
        return f"nonce-{self._arena.random.getrandbits(48):012x}"

    # --- webhooks ----------------------------------------------------------------------------------------------------

    def webhook(self) -> list[Event]:
        """The next thing that happens on GitHub or in Jira, with what follows it."""
        self._count += 1
        place = self._count // 3 % len(self.channels)
        if self._count % 3 == 0:
            return self.github_issue(place)
        return self.pull_request(place) if self._count % 3 == 1 else self.jira_issue(place)

    def github_issue(self, place: int) -> list[Event]:
        """`issues.opened`."""
        nonce, github = self.nonce(), self._arena.github
        made = captured(github, partial(github.open_issue, self.repositories[place], f"The page is blank {nonce}"))
        return [Event(nonce, ("message",), made[0], self.channels[place])]

    def pull_request(self, place: int) -> list[Event]:
        """`pull_request.opened`."""
        nonce, github = self.nonce(), self._arena.github
        title, branch = f"Mend the page {nonce}", f"mend-{nonce}"
        made = captured(github, partial(github.open_pull_request, self.repositories[place], title, head=branch))
        return [Event(nonce, ("message",), made[0], self.channels[place])]

    def jira_issue(self, place: int) -> list[Event]:
        """`jira:issue_created`, and then `jira:issue_updated`, whose nonce is a label: a line in the card's thread."""
        first, second, jira = self.nonce(), self.nonce(), self._arena.jira
        with jira.lock:
            keys: list[str] = []
            made = captured(
                jira, lambda: keys.append(jira.create(self.projects[place], "Task", f"Printer is on fire {first}"))
            )
            changed = captured(jira, lambda: jira.edit(keys[0], "Ada Lovelace", labels=[second]))
        lane = self.channels[place]
        return [Event(first, ("message",), made[0], lane), Event(second, ("reply",), changed[0], lane)]

    # --- requests ----------------------------------------------------------------------------------------------------

    def request(self, kind: str, place: int) -> Event:
        """A `POST /api/v1/integrations` of one of `REQUESTS`, safe to repeat."""
        nonce = self.nonce()
        (source, target, event_type), places = REQUESTS[kind]
        body = {
            "source_service": source, "target_service": target, "event_type": event_type,
            "payload": self._payload(kind, place % len(self.channels), nonce),
        }  # fmt: skip

        def sign(_: bytes) -> dict[str, str]:
            return {"Content-Type": "application/json", "Idempotency-Key": nonce}

        lane = self.channels[place % len(self.channels)]
        return Event(nonce, places, Outgoing("/api/v1/integrations", compact(body), sign, kind), lane)

    def _payload(self, kind: str, place: int, nonce: str) -> dict[str, Any]:
        channel, text = self.channels[place], f"Maintenance {nonce}"
        return {
            "Slack message": {"channel": channel, "text": text},
            "Slack reply": {"channel": channel, "text": text, "thread_ts": self._threads[place]},
            "Jira issue": {"channel": channel, "message": text, "project": self.projects[place], "issue_type": "Task"},
            "Jira comment": {"issue": self._issues[place], "message": text},
            "GitHub issue": {"repository": self.repositories[place], "title": text},
            "GitHub comment": {
                "repository": self.repositories[place], "number": self._tickets[place], "body": text,
            },
        }[kind]  # fmt: skip


def captured(standin: StandIn, act: Callable[[], object]) -> list[Outgoing]:
    """What a stand-in would send on account of `act`, without its being sent."""
    with standin.lock:
        earlier = standin.take()
        act()
        made = standin.take()
        for outgoing in earlier:
            standin.send(outgoing)
    return made


def paced(seconds: float, rate: float) -> Generator[int]:
    """Numbers from 0 at `rate` a second, for so many seconds."""
    begun, number = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        yield number
        number += 1
        time.sleep(max(begun + number / rate - time.monotonic(), 0))


def _channel(arena: Arena, number: int) -> str:
    return arena.slack.add_channel(f"C0CHAOS{number:04d}", f"chaos-{number}")


def _repository(arena: Arena, number: int) -> str:
    github = arena.github
    repo = Repo(github.next_id(), github.person("acme"), f"service-{number}", False, github.now(), github.now())
    repo.heads["main"] = github.sha()
    github.repos.append(repo)
    github.add_hook(repo)
    return repo.full_name


def _project(arena: Arena, number: int) -> str:
    usual = arena.jira.projects["OPS"]
    key = f"CH{_letters(number)}"
    arena.jira.projects[key] = Project(str(20000 + number), key, f"Chaos {number}", usual.types)
    return key


def _letters(number: int) -> str:
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def payload_of(outgoing: Outgoing) -> dict[str, Any]:
    """A webhook's body, read."""
    return json.loads(outgoing.body)
