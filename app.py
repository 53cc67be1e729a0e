"""connect: the composition root and the command line.

`python app.py` serves with worker threads inside. `python app.py --help` lists the rest.
"""

import argparse
import atexit
import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask
from slack_bolt import App
from waitress.server import create_server

from adapters.errors import AdapterError
from adapters.github.client import GitHubClient
from adapters.jira.client import JiraClient
from adapters.slack.client import SlackClient
from bot import listeners, logs, screen
from bot.people import People
from bot.pool import Pool
from bot.receiver import create_app
from bot.services import Services, Urgent, Workspace, utc_now
from bot.settings import NEEDED, Settings, WrongSettings, load, missing, words
from bot.worker import Worker
from storage import schema
from storage.engine import Database, DatabaseUnavailable

log = logging.getLogger("connect")

STOP_SECONDS = 20.0
MAX_BODY = 26 * 1024 * 1024
"""In bytes: more than any door takes, so that each door refuses in its own words; the server refuses the rest."""
URGENT_SECONDS = 1.4
"""Two calls of this length still fit into the 3 s after which Slack tells the person that connect does not answer."""


def build_services(settings: Settings) -> Services:
    """Everything that doors, flows and operations work with, from the settings; makes no call."""
    timeout = settings.connect_http_timeout
    urgent = min(timeout, URGENT_SECONDS)
    slack = _slack(settings, timeout)
    return Services(
        settings=settings,
        database=Database(settings.database_url),
        slack=slack,
        jira=_jira(settings, timeout),
        github=_github(settings, timeout),
        urgent=Urgent(_slack(settings, urgent), _jira(settings, urgent), _github(settings, urgent)),
        workspace=Workspace(_slack(settings, urgent)),
        people=People(utc_now),
    )


def _slack(settings: Settings, timeout: float) -> SlackClient | None:
    if missing(settings, NEEDED["slack"]):
        return None
    return SlackClient(words(settings.slack_bot_token)[0], settings.slack_api_url + "/", timeout)


def _jira(settings: Settings, timeout: float) -> JiraClient | None:
    if missing(settings, NEEDED["jira"]):
        return None
    return JiraClient(settings.jira_base_url or "", settings.jira_email, words(settings.jira_api_token)[0], timeout)


def _github(settings: Settings, timeout: float) -> GitHubClient | None:
    if missing(settings, NEEDED["github"]):
        return None
    return GitHubClient(words(settings.github_token)[0], settings.github_api_url, timeout)


# --- serving ---------------------------------------------------------------------------------------------------------


def start_pool(services: Services, bolt: App, count: int) -> Pool:
    """Start `count` worker threads in this process, and ask Slack in the background who connect is."""
    pool = Pool(lambda: Worker(services, bolt), count, services.work)
    pool.start()
    threading.Thread(target=_introduce, args=(services,), daemon=True, name="introduce").start()
    return pool


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
    logs.configure(settings.connect_log_level)
    services = build_services(settings)
    bolt = listeners.build(services)
    pool = start_pool(services, bolt, settings.connect_workers)
    atexit.register(pool.stop, STOP_SECONDS)
    return create_app(services, bolt)


def serve(settings: Settings, *, workers: int) -> int:
    """Serve in this process until SIGTERM or SIGINT; then finish what is under way and return 0."""
    if settings.database_url.startswith("sqlite"):
        schema.upgrade(settings.database_url)
    services = build_services(settings)
    bolt = listeners.build(services)
    server = create_server(
        create_app(services, bolt), host=settings.connect_host, port=settings.connect_port, threads=16, ident="connect",
        # The guard of the REST API must see every forwarding header that there is.
        clear_untrusted_proxy_headers=False, max_request_body_size=MAX_BODY, connection_limit=1000, channel_timeout=60,
    )  # fmt: skip
    print(screen.startup(settings, workers), flush=True)  # noqa: T201
    _look_at_database(services)
    pool = start_pool(services, bolt, workers)
    _on_stop(_leave)
    server.run()
    return _stop(pool, services)


def _look_at_database(services: Services) -> None:
    try:
        services.database.ping()
    except DatabaseUnavailable as error:
        # Not the end: the doors answer 503 until it is there, and the senders try again.
        log.error("%s", error)  # noqa: TRY400


def work(settings: Settings) -> int:
    """Run worker threads alone until SIGTERM or SIGINT."""
    services = build_services(settings)
    _look_at_database(services)
    pool = start_pool(services, listeners.build(services), max(settings.connect_workers, 1))
    stopped = threading.Event()
    _on_stop(lambda _signal, _frame: stopped.set())
    log.info("working with %s threads", max(settings.connect_workers, 1))
    stopped.wait()
    return _stop(pool, services)


def _on_stop(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit  # waitress stops taking requests and finishes those it has


def _stop(pool: Pool, services: Services) -> int:
    if not pool.stop(STOP_SECONDS):
        log.warning("a call did not end in time; it is looked up before it is made again")
    services.database.dispose()
    return 0


# --- the command line ------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    given = _parser().parse_args(arguments)
    if given.command == "demo":
        from sandbox import demo  # the service itself never loads the sandbox

        return demo.main(once=given.once)
    try:
        settings = load()
    except WrongSettings as error:
        print(f"These settings cannot be used:\n{error}", file=sys.stderr)  # noqa: T201
        return 2
    logs.configure("DEBUG" if settings.connect_debug else settings.connect_log_level)
    try:
        return _run(given, settings)
    except DatabaseUnavailable as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _run(given: argparse.Namespace, settings: Settings) -> int:
    if given.command == "worker":
        return work(settings)
    if given.command == "db":
        (schema.upgrade if given.action == "upgrade" else schema.reset)(settings.database_url)
        print("The database is up to date.")  # noqa: T201
        return 0
    return serve(settings, workers=0 if given.no_workers else settings.connect_workers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="app.py", description="connect ties Slack, Jira and GitHub together.")
    parser.set_defaults(command="serve", no_workers=False)
    commands = parser.add_subparsers(dest="command")
    serving = commands.add_parser("serve", help="take requests, with worker threads inside (the default)")
    serving.add_argument("--no-workers", action="store_true", help="leave the work to `worker` processes")
    commands.add_parser("worker", help="do the work that was accepted, without taking requests")
    database = commands.add_parser("db", help="bring the database up to date, or empty it")
    database.add_argument("action", choices=("upgrade", "reset"))
    demo = commands.add_parser("demo", help="play the main workflows against stand-ins on this machine")
    demo.add_argument("--once", action="store_true", help="end when the story is told; exit code 0 if all was seen")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
