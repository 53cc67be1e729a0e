"""connect: the composition root and the command line.

`python app.py` serves with worker threads inside. `python app.py --help` lists the rest.
"""

import os
import signal
import sys

if __name__ == "__main__":
    # A stop that comes while the rest is still being loaded is one like any other: nothing was begun yet.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: os._exit(0))
    if sys.argv[1:2] == ["demo"]:
        # connect is a process of its own there, and loading it here too would take longer than all the rest.
        from sandbox.__main__ import main as demo

        sys.exit(demo(sys.argv[2:]))

import argparse
import atexit
import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from flask import Flask
from slack_bolt import App

from adapters.errors import AdapterError
from adapters.github.apps import AppKey
from adapters.github.client import GitHubClient
from adapters.github.device import DeviceFlow
from adapters.jira.client import JiraClient
from adapters.jira.oauth import JiraOAuth, OAuthApp
from adapters.slack.client import SlackClient
from bot import commands, listeners, logs, screen, serving
from bot.catching_up import CatchUp
from bot.flows.reminders import remind
from bot.housekeeping import Housekeeping
from bot.metrics import Metrics, shared_folder
from bot.operations.registry import OPERATIONS
from bot.people import People
from bot.pool import Pool
from bot.receiver import create_app
from bot.schedule import Job, Schedule, mend_turns
from bot.services import Linking, Services, SigningIn, Urgent, Workspace, utc_now
from bot.settings import LINKING, NEEDED, SIGNING_IN, Settings, WrongSettings, is_app, load, missing, needed, words
from bot.vault import Vault
from bot.worker import Worker
from storage import deliveries, schema
from storage.engine import Database, DatabaseUnavailable
from storage.together import Together

log = logging.getLogger("connect")

STOP_SECONDS = 20.0
CATCH_UP_EVERY, TURNS_EVERY, HOUSEKEEPING_EVERY = timedelta(minutes=5), timedelta(minutes=5), timedelta(hours=1)
URGENT_SECONDS = 1.4
"""Two calls of this length still fit into the 3 s after which Slack tells the person that connect does not answer."""


def build_services(
    settings: Settings, metrics: Path | None = None, clock: Callable[[], datetime] = utc_now
) -> Services:
    """Everything that doors, flows and operations work with, from the settings; makes no call.

    `metrics` is the folder in which the processes of this machine count together.
    """
    timeout = settings.connect_http_timeout
    urgent = min(timeout, URGENT_SECONDS)
    slack = _slack(settings, timeout)
    github = _github(settings, timeout, clock)
    database = Database(settings.database_url)
    return Services(
        settings=settings,
        database=database,
        inbox=Together(database, deliveries.accept_many),
        slack=slack,
        jira=_jira(settings, timeout),
        github=github,
        sites=_sites(settings, timeout),
        urgent=Urgent(
            _slack(settings, urgent),
            _jira(settings, urgent),
            github.within(urgent) if github else None,
            _sites(settings, urgent),
        ),
        workspace=Workspace(_slack(settings, urgent)),
        people=People(clock),
        clock=clock,
        metrics=Metrics(OPERATIONS, metrics),
        linking=_linking(settings, timeout, urgent),
        signing_in=_signing_in(settings, timeout, urgent),
    )


def _slack(settings: Settings, timeout: float) -> SlackClient | None:
    if missing(settings, NEEDED["slack"]):
        return None
    return SlackClient(words(settings.slack_bot_token)[0], settings.slack_api_url + "/", timeout)


def _jira(settings: Settings, timeout: float) -> JiraClient | None:
    if missing(settings, NEEDED["jira"]):
        return None
    return JiraClient(settings.jira_base_url or "", settings.jira_email, words(settings.jira_api_token)[0], timeout)


def _sites(settings: Settings, timeout: float) -> dict[str, JiraClient]:
    return {
        name: JiraClient(site.base_url, site.email, words(site.api_token)[0], timeout, name)
        for name, site in settings.jira_sites.items()
    }


def _linking(settings: Settings, timeout: float, urgent: float) -> Linking | None:
    if missing(settings, (*NEEDED["jira"], *LINKING)):
        return None
    redirect = f"{settings.connect_public_url}/oauth/jira/callback"
    app = OAuthApp(settings.jira_oauth_client_id, words(settings.jira_oauth_client_secret)[0], redirect)
    cloud = (settings.jira_oauth_auth_url, settings.jira_oauth_api_url) if settings.jira_email else ("", "")

    def server(seconds: float) -> JiraOAuth:
        return JiraOAuth(settings.jira_base_url or "", app, *cloud, seconds)

    return Linking(server(timeout), server(urgent), Vault(words(settings.connect_encryption_key)))


def _github(settings: Settings, timeout: float, clock: Callable[[], datetime]) -> GitHubClient | None:
    if missing(settings, needed(settings, "github")):
        return None
    app = AppKey(settings.github_app_id, settings.github_app_private_key.get_secret_value())
    token = app if is_app(settings) else words(settings.github_token)[0]
    return GitHubClient(token, settings.github_api_url, timeout, lambda: clock().timestamp())


def _signing_in(settings: Settings, timeout: float, urgent: float) -> SigningIn | None:
    if missing(settings, (*needed(settings, "github"), *SIGNING_IN)):
        return None
    app, api_url = settings.github_oauth_client_id, settings.github_api_url
    vault = Vault(words(settings.connect_encryption_key))
    return SigningIn(DeviceFlow(app, api_url, timeout), DeviceFlow(app, api_url, urgent), vault)


# --- serving ---------------------------------------------------------------------------------------------------------


class Working:
    """What a process does besides answering: `count` worker threads and the periodic jobs."""

    def __init__(self, services: Services, bolt: App, count: int) -> None:
        self._services = services
        self._pool = Pool(lambda first: Worker(services, bolt, suspects=first), count, services.work)
        self._schedule = jobs(services)

    def start(self) -> None:
        """Start the threads, and ask Slack in the background who connect is."""
        serving.spare_the_collector()
        self._pool.start()
        self._schedule.start()
        threading.Thread(target=_introduce, args=(self._services,), daemon=True, name="introduce").start()

    def stop(self, within: float) -> bool:
        """Take nothing new and wait for what is under way; False if something still was after `within` seconds."""
        self._schedule.stopping.set()
        stopped = self._pool.stop(within)
        self._schedule.stop(1.0)
        return stopped


def jobs(services: Services) -> Schedule:
    """What connect does from time to time, in one process at a time."""
    schedule = Schedule(services)
    housekeeping = Housekeeping(services, rest=schedule.stopping.wait)
    schedule.add(Job("catch-up", CATCH_UP_EVERY, CatchUp(services).run, at_start=timedelta(seconds=5)))
    schedule.add(Job("turns", TURNS_EVERY, lambda: mend_turns(services), at_start=timedelta(seconds=5)))
    schedule.add(Job("reminders", timedelta(minutes=1), lambda: remind(services)))
    schedule.add(Job("housekeeping", HOUSEKEEPING_EVERY, housekeeping.run))
    return schedule


def _introduce(services: Services) -> None:
    if services.slack is None:
        return
    try:
        identity = services.workspace.identity()
    except AdapterError as error:
        log.warning("Slack does not say who connect is: %s It is asked again when that is needed.", error)
    else:
        log.info("connect is %s in the workspace %s", identity.bot_user_id, identity.team_id)


def wsgi() -> Flask:
    """The WSGI app with its worker threads, made in each gunicorn worker: `gunicorn "app:wsgi()"`."""
    settings = load()
    logs.configure(settings.connect_log_level, settings.connect_log_format)
    services = build_services(settings, shared_folder(settings.database_url))
    bolt = listeners.build(services)
    working = Working(services, bolt, settings.connect_workers)
    working.start()
    atexit.register(working.stop, STOP_SECONDS)
    return create_app(services, bolt)


def serve(settings: Settings, *, workers: int) -> NoReturn:
    """Serve in this process until SIGTERM or SIGINT; then finish what is under way and end the process with 0."""
    if settings.database_url.startswith("sqlite"):
        schema.upgrade(settings.database_url)
    services = build_services(settings, shared_folder(settings.database_url))
    bolt = listeners.build(services)
    app = create_app(services, bolt)
    listener = serving.listen(settings.connect_host, settings.connect_port)
    given = settings.model_copy(update={"connect_port": listener.getsockname()[1]})
    print(screen.startup(given, workers), flush=True)  # noqa: T201
    _look_at_database(services)
    working = Working(services, bolt, workers)
    serving.run(app, listener, STOP_SECONDS, working.start)
    code = _stop(working, services)
    services.metrics.flush()  # what it does by itself at the end of a process does not happen where one is left at once
    serving.leave(code)


def _look_at_database(services: Services) -> None:
    try:
        services.database.ping()
    except DatabaseUnavailable as error:
        # Not the end: the doors answer 503 until it is there, and the senders try again.
        log.error("%s", error)  # noqa: TRY400


def work(settings: Settings) -> int:
    """Run worker threads alone until SIGTERM or SIGINT."""
    services = build_services(settings, shared_folder(settings.database_url))
    _look_at_database(services)
    working = Working(services, listeners.build(services), max(settings.connect_workers, 1))
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    working.start()
    log.info("working with %s threads", max(settings.connect_workers, 1))
    stopped.wait()
    return _stop(working, services)


def _stop(working: Working, services: Services) -> int:
    if not working.stop(STOP_SECONDS):
        log.warning("a call did not end in time; it is looked up before it is made again")
    services.database.dispose()
    return 0


# --- the command line ------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    given = _parser().parse_args(arguments)
    if given.command not in ("serve", "worker"):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # these have an end of their own, which a stop does not reach
    try:
        settings = load()
    except WrongSettings as error:
        print(f"These settings cannot be used:\n{error}", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure("DEBUG" if settings.connect_debug else settings.connect_log_level, settings.connect_log_format)
    try:
        return _run(given, settings)
    except (DatabaseUnavailable, serving.CannotListen) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _run(given: argparse.Namespace, settings: Settings) -> int:
    if given.command == "worker":
        return work(settings)
    if given.command in commands.NAMES:
        return commands.run(given, settings, build_services)
    return serve(settings, workers=0 if given.no_workers else settings.connect_workers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="connect ties Slack, Jira and GitHub together.")
    parser.set_defaults(command="serve", no_workers=False)
    parsers = parser.add_subparsers(dest="command")
    serving = parsers.add_parser("serve", help="take requests, with worker threads inside (the default)")
    serving.add_argument("--no-workers", action="store_true", help="leave the work to `worker` processes")
    parsers.add_parser("worker", help="do the work that was accepted, without taking requests")
    commands.add_parsers(parsers)
    parsers.add_parser("demo", help="try connect in a browser, with a Slack, a Jira and a GitHub of its own")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
