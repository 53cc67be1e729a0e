"""The arena: stand-ins, connect's processes between them on one database, a sender, and the count at the end."""

import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from chaos import oracle
from chaos.databases import create
from chaos.processes import NotReady, Process, connect
from chaos.proxy import CountingProxy
from chaos.pulse import Pulse
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.sender import Event, Sender, plain_session
from sandbox.github import GitHubStandIn
from sandbox.jira import JiraStandIn
from sandbox.process import APP, clean_environment, free_port
from sandbox.slack import SlackStandIn
from sandbox.standin import Outgoing, StandIn

SECRETS = {"slack": "chaos-slack", "jira": "chaos-jira", "github": "chaos-github"}


NOTHING = Outgoing("", b"", lambda _: {}, "sent by the stand-in")


class Arena:
    """One scenario's world. `lag`: searches show what is new only after a while; `proxied`: services behind a proxy."""

    def __init__(
        self, run: Run, name: str, *, lag: bool = False, echo: bool = False, database_url: str = "",
        settings: Mapping[str, str] | None = None, proxied: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.run, self.echo = run, echo
        self.random = run.random(name)
        self.folder = run.folder / f"{name}-{run.database}-{free_port()}"
        self.folder.mkdir(parents=True)
        self.slack = SlackStandIn(SECRETS["slack"])
        self.jira = JiraStandIn(SECRETS["jira"])
        self.github = GitHubStandIn(SECRETS["github"])
        self.standins: tuple[StandIn, ...] = (self.slack, self.jira, self.github)
        for standin in self.standins:
            standin.start()
        if lag:
            self.slack.history_lag = self.jira.search_lag = self.github.list_lag = run.patience.lag
        self.proxies = {one.service: CountingProxy(one) for one in self.standins if one.service in proxied}
        for proxy in self.proxies.values():
            proxy.carry()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.jira.target = self.github.target = self.url
        self.database_url = database_url or run.url or self._new_database()
        routes = {name: proxy.url for name, proxy in self.proxies.items()}
        self._environment = clean_environment() | self._settings(routes) | dict(settings or {})
        self.web = connect("web", ["serve", "--no-workers"], self.folder, self._environment, self.url)
        self.workers: list[Process] = []
        self.by_itself: set[str] = set()
        """Services that send what they have to say themselves, once, instead of the sender."""
        self.events: list[Event] = []
        self.sender = Sender(self.url)
        self.session = plain_session()
        self.pulse = Pulse()
        self.begun = time.monotonic()

    def _settings(self, routes: Mapping[str, str]) -> dict[str, str]:
        return {
            **self.run.patience.settings(), "CONNECT_HOST": "127.0.0.1", "CONNECT_PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_SIGNING_SECRET": SECRETS["slack"],
            "SLACK_API_URL": f"{routes['slack']}/api/" if "slack" in routes else self.slack.api_url,
            "JIRA_BASE_URL": routes.get("jira", self.jira.url), "JIRA_EMAIL": self.jira.email,
            "JIRA_API_TOKEN": self.jira.token, "JIRA_WEBHOOK_SECRET": SECRETS["jira"], "JIRA_DEFAULT_PROJECT": "OPS",
            "GITHUB_TOKEN": self.github.token, "GITHUB_API_URL": routes.get("github", self.github.url),
            "GITHUB_WEBHOOK_SECRET": SECRETS["github"],
        }  # fmt: skip

    def _new_database(self) -> str:
        return f"sqlite:///{self.folder}/connect.db" if self.run.database == "sqlite" else create(self.run.server)

    # --- connect's processes -----------------------------------------------------------------------------------------

    def upgrade(self) -> None:
        """`python app.py db upgrade`, unless the database is up to date."""
        if self.run.url:
            return
        command = [sys.executable, str(APP), "db", "upgrade"]
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, check=False, capture_output=True, text=True, timeout=120
        )
        if done.returncode:
            raise NotReady(f"db upgrade: {done.stderr[-500:]}")

    def start(self, workers: int = 1) -> None:
        """Bring the database up to date, start the web process and so many worker processes."""
        self.upgrade()
        self.web.start()
        for _ in range(workers):
            self.add_worker()
        self.web.wait_ready()

    def start_whole(self) -> None:
        """`python app.py`: doors and workers in one process, as the web process of this arena."""
        self.upgrade()
        self.web = connect("whole", [], self.folder, self._environment, self.url)
        self.web.start()
        self.web.wait_ready()

    def add_worker(self, command: Sequence[str] = ()) -> Process:
        """Start one more worker process (by `command`, if it is not `python app.py worker`)."""
        name = f"worker-{len(self.workers) + 1}"
        worker = connect(name, ["worker"], self.folder, self._environment)
        if command:
            worker = Process(name, list(command), self.folder, self._environment)
        self.workers.append(worker)
        worker.start()
        return worker

    def close(self) -> None:
        """End everything that was started here."""
        self.pulse.stop()
        self.sender.close()
        for process in (self.web, *self.workers):
            process.kill()
        for proxy in self.proxies.values():
            proxy.__exit__(None, None, None)
        for standin in self.standins:
            standin.stop()

    # --- what happens ------------------------------------------------------------------------------------------------

    def send(self, *chain: Event) -> None:
        """Send events one after the other, each until it is accepted."""
        self.events += chain
        self.sender.send(*chain)

    def expect(self, nonce: str, place: oracle.Place) -> None:
        """Expect the effect of something that a stand-in sends by itself."""
        now = time.time()
        self.events.append(Event(nonce, (place,), NOTHING, began=now, accepted=now))

    def forget_events(self) -> None:
        """Begin a new row in the same arena: what was sent before is not counted again."""
        self.events, self.begun = [], time.monotonic()

    def send_echoes(self) -> None:
        """Send what the stand-ins have to say of connect's own calls, if this arena is one that echoes."""
        for standin in self.standins:
            for outgoing in standin.take() if standin.service not in self.by_itself else []:
                if self.echo:
                    self.sender.send(Event("", (), outgoing))

    def subscribe(self, service: str, source: str, channel: str) -> None:
        """`POST /api/v1/subscriptions`."""
        body = {"source_service": service, "source": source, "channel": channel}
        answer = self.session.post(f"{self.url}/api/v1/subscriptions", json=body, timeout=10)
        answer.raise_for_status()

    # --- looking -----------------------------------------------------------------------------------------------------

    def seen(self) -> oracle.Seen:
        """What the far ends show."""
        return oracle.look(self.slack, self.jira, self.github)

    def rows(self, kind: str, most: int = 5000, **filters: str) -> list[dict[str, Any]]:
        """Rows that the REST API lists, newest first, at most so many."""
        found: list[dict[str, Any]] = []
        path: str | None = f"/api/v1/{kind}?limit=500" + "".join(f"&{name}={value}" for name, value in filters.items())
        while path and len(found) < most:
            answer = self.session.get(self.url + path, timeout=10)
            answer.raise_for_status()
            found += answer.json()[kind]
            path = answer.json()["next"]
        return found

    def backlog(self) -> int:
        """How many rows wait; -1 if connect does not say."""
        try:
            backlog: dict[str, int] = self.session.get(f"{self.url}/health", timeout=5).json()["backlog"]
        except (requests.RequestException, KeyError, ValueError):
            return -1
        return backlog["deliveries"] + backlog["integrations"]

    def missing(self, seen: oracle.Seen) -> list[tuple[Event, oracle.Place]]:
        """Accepted events without their effect."""
        return [(event, place) for event in self.events for place in event.places if not seen.get((place, event.nonce))]

    def settle(self, within: float) -> bool:
        """Wait until every event is accepted and has its effect, nothing waits, and nothing late can come any more."""
        deadline = time.monotonic() + within
        done = self.sender.wait(within)
        while time.monotonic() < deadline:
            self.send_echoes()
            if self.backlog() == 0 and not self.missing(self.seen()):
                break
            time.sleep(0.25)
        time.sleep(self.run.patience.late + 0.2)
        return done

    # --- the count ---------------------------------------------------------------------------------------------------

    def row(self, fault: str, shown: Shown | None = None) -> Row:
        """Count; call it when everything has settled, or had the time to."""
        shown = shown or Shown()
        seen = self.seen()
        never = [event for event in self.events if not event.accepted]
        if never:
            statuses = sorted({event.answers[-1].status if event.answers else 0 for event in never})
            shown.must(False, f"{len(never)} never accepted {statuses}")
        lost = [(event, place) for event, place in self.missing(seen) if event.accepted]
        ours = {event.nonce for event in self.events}
        doubled = {key: times for key, times in seen.items() if len(times) > 1 and key[1] in ours}
        unknown, failed = self._left()
        if failed:
            shown.note(f"{failed} failed rows")
        if self.pulse.note():
            shown.note(self.pulse.note())
        details = self._details(lost, doubled) if lost or doubled or unknown else ()
        return Row(
            fault, self.run.database, len(self.events), len(lost), len(doubled), unknown,
            time.monotonic() - self.begun, shown, details=(*details, f"logs: {self.folder}"),
        )  # fmt: skip

    def _left(self) -> tuple[int, int]:
        """Integrations whose outcome has been unknown for longer than it takes to find out, and failed ones."""
        try:
            pending, failed = (self.rows("integrations", status=status) for status in ("pending", "failed"))
        except (requests.RequestException, ValueError) as error:
            raise NotReady(f"connect does not list its rows: {error}") from error
        patience = self.run.patience
        old = time.time() - 2 * patience.settle - patience.lease
        sent = [datetime.fromisoformat(row["sent_at"]).timestamp() for row in pending if row["sent_at"]]
        return sum(at < old for at in sent), len(failed)

    def _details(self, lost: Sequence[tuple[Event, str]], doubled: oracle.Seen) -> tuple[str, ...]:
        rows = self.rows("integrations")
        waiting = [row for row in self.rows("deliveries") if row["status"] in ("pending", "failed")]
        lines = [f"lost: {event.nonce} ({place})" + _told(rows, event.nonce) for event, place in lost[:8]]
        lines += [
            f"doubled: {nonce} ({place}) {len(times)}x, {max(times) - min(times):.1f} s apart" + _told(rows, nonce)
            for (place, nonce), times in list(doubled.items())[:8]
        ]
        unknown = [row for row in rows if row["status"] == "pending" and row["sent_at"]]
        lines += [f"unknown: {_words(row)}" for row in unknown[:8]]
        lines += [f"delivery {row['id']} {row['status']} {row['event']}: {row['detail'][:150]}" for row in waiting[:8]]
        return tuple(lines)


def _told(rows: list[dict[str, Any]], nonce: str) -> str:
    found = [row for row in rows if nonce in str(row["payload"])]
    return "".join(f"; {_words(row)}" for row in found) or "; no row speaks of it"


def _words(row: dict[str, Any]) -> str:
    return (
        f"row {row['id']} {row['operation']} {row['status']} attempts={row['attempts']} sent_at={row['sent_at']} "
        f"remote={row['remote_id']}: {str(row['error_message'])[:150]}"
    )


@contextmanager
def arena(run: Run, name: str, **options: Any) -> Generator[Arena]:
    """An arena that is gone at the end, whatever happens; its logs stay."""
    made = Arena(run, name, **options)
    try:
        yield made
    finally:
        made.close()


def forget(folder: Path) -> None:
    """Remove the logs of what went well."""
    shutil.rmtree(folder, ignore_errors=True)
