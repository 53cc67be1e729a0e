"""The start-up screen: on one page, what is on, what is off, and which variable turns it on."""

from bot.settings import NEEDED, Settings, is_whole, linking_state, service_state, words

_DOES = {
    "slack": "commands, shortcuts, mentions, threads",
    "jira": "tickets and their threads",
    "github": "pull requests, issues, releases",
}


def startup(settings: Settings, workers: int) -> str:
    """The page as text."""
    host = "127.0.0.1" if settings.connect_host in ("0.0.0.0", "::") else settings.connect_host  # noqa: S104
    address = f"http://{host}:{settings.connect_port}"
    database = settings.database_url.partition(":")[0].partition("+")[0]
    lines = [f"connect listens on {address}   database: {database}   worker threads: {workers}", ""]
    for service in NEEDED:
        state = service_state(settings, service)
        mark = "●" if is_whole(state) else "◐" if state.startswith("on") else "○"
        lines.append(f"  {mark} {service:<7} {state:<60} {_DOES[service]}")
    key = words(settings.connect_api_key)
    api = "with a key" if key else "from this machine only (CONNECT_API_KEY is not set)"
    lines += ["", f"  REST API {api}", f"  Health   {address}/health"]
    lines += [f"  Linking  of people's own Jira accounts is {linking_state(settings, 'jira')}"]
    lines += [f"           of people's own GitHub accounts is {linking_state(settings, 'github')}"]
    if not all(is_whole(service_state(settings, service)) for service in NEEDED):
        lines += ["", "  Put what is missing into .env (.env.example explains each setting) and start again.",
                  "  No accounts at hand? `make demo` plays everything on this machine."]  # fmt: skip
    return "\n".join(lines)
