"""Which issue a link leads to. The addresses under which Jira shows one: `/browse/OPS-1`, a project's list of issues, a
service desk's queue, and a board with the issue beside it (`?selectedIssue=OPS-1`).
"""

from urllib.parse import parse_qs, urlsplit

from adapters.jira.issue import KEY

# Confluence lives on the same host, and a page's title there may look like a key.
_PARENTS = frozenset({"browse", "issues", "queues"})


def issue_of_link(url: str, site: str) -> str:
    """The key of the issue that a link shows; empty unless it is an issue of this site (its base URL)."""
    try:
        given, home = urlsplit(url.replace("&amp;", "&")), urlsplit(site)
        same = (given.hostname, given.port) == (home.hostname, home.port) and given.scheme in ("http", "https")
        query = parse_qs(given.query)
    except ValueError:
        return ""
    root = home.path.rstrip("/") + "/"
    if not same or not home.hostname or not given.path.startswith(root):
        return ""
    selected = query.get("selectedIssue", [""])[0].upper()
    if KEY.fullmatch(selected):
        return selected
    *parents, last = given.path.removeprefix(root).rstrip("/").split("/")
    key = last.upper()
    return key if KEY.fullmatch(key) and parents[:1] != ["wiki"] and _PARENTS.intersection(parents) else ""
