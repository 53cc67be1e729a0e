"""The sender: a service that sends its webhooks, and sends each again under the same id until it is taken.

What goes on in one thread of a service (an issue made, then changed) is a chain: the next waits for the one before.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from chaos.oracle import Place
from sandbox.standin import Outgoing

AGAIN_SECONDS = 0.25
PATIENCE = 15.0
"""Longer than connect may take for anything, so that a slow answer is seen as one."""


@dataclass(frozen=True)
class Answer:
    """One attempt: `status` is 0 where no answer came."""

    at: float
    status: int
    seconds: float


@dataclass
class Event:
    """One thing that is sent to connect, with the nonce in it and the places where its effect must appear."""

    nonce: str
    places: tuple[Place, ...]
    outgoing: Outgoing
    lane: str = ""
    """What it shares with others at the far end: a channel, a project, a repository."""
    began: float = 0.0
    accepted: float = 0.0
    """When it was answered with 2xx, as epoch seconds."""
    answers: list[Answer] = field(default_factory=list[Answer])

    @property
    def refused(self) -> bool:
        """Whether connect said a final no (4xx)."""
        return bool(self.answers) and 400 <= self.answers[-1].status < 500


class Sender:
    """Sends chains of events in threads of its own."""

    def __init__(self, url: str, threads: int = 32) -> None:
        self._url = url
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._closing = threading.Event()
        self._local = threading.local()
        self._open = 0
        self._changed = threading.Condition()

    def send(self, *chain: Event) -> None:
        """Send a chain, as soon as a thread is free."""
        with self._changed:
            self._open += 1
        self._pool.submit(self._run, chain)

    def wait(self, within: float) -> bool:
        """Wait until everything was accepted (or refused for good); False if it was not in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, within)

    def close(self) -> None:
        """Give up what is not accepted."""
        self._closing.set()
        self._pool.shutdown(cancel_futures=True)

    def _run(self, chain: tuple[Event, ...]) -> None:
        try:
            for event in chain:
                self._insist(event)
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def _insist(self, event: Event) -> None:
        event.began = event.began or time.time()
        while not self._closing.is_set():
            answer = attempt(self._session(), self._url, event.outgoing)
            event.answers.append(answer)
            if 200 <= answer.status < 300:
                event.accepted = time.time()
                return
            if event.refused:
                return
            self._closing.wait(AGAIN_SECONDS)

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = plain_session()
        return self._local.session


def attempt(session: requests.Session, url: str, outgoing: Outgoing) -> Answer:
    """Send once."""
    at, begun = time.time(), time.monotonic()
    try:
        given = session.post(
            url + outgoing.path, data=outgoing.body, headers=outgoing.sign(outgoing.body), timeout=PATIENCE,
            allow_redirects=False,
        )  # fmt: skip
        status = given.status_code
    except requests.RequestException:
        status = 0
    return Answer(at, status, time.monotonic() - begun)


def plain_session() -> requests.Session:
    """A session that no proxy of the environment changes."""
    session = requests.Session()
    session.trust_env = False
    return session
