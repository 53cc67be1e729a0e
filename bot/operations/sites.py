"""Which Jira an issue or a project belongs to: everything that is done in Jira asks here for its client.

A *resource* is an issue's or a project's key, behind the name of its site where that is not the main one: `OPS-7`,
`eu/SHOP-7`. The main site is that of `JIRA_BASE_URL`; `JIRA_SITES` names the others, and the projects of each.
"""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from adapters.errors import Rejected, Unauthorized
from adapters.jira.addresses import issue_of_link
from adapters.jira.client import JiraClient
from adapters.jira.issue import RESOURCE, Site
from bot.services import Services
from bot.settings import Settings


def jira_of(services: Services, resource: str) -> tuple[JiraClient, str]:
    """The client of the site that an issue or project belongs to, and the key by which that site knows it.

    Raises `Unauthorized` if there is no main site yet, so that a row waits for it, and `Rejected` for another site
    that `JIRA_SITES` does not name: nobody can say whether it ever will, and the row can be retried if it does.
    """
    return _client(services.jira, services.sites, resource)


def urgent_jira(services: Services, resource: str) -> tuple[JiraClient, str]:
    """The same with a timeout that is short enough for a person who waits."""
    return _client(services.urgent.jira, services.urgent.sites, resource)


def urgent_jiras(services: Services) -> Iterator[tuple[str, JiraClient]]:
    """Every site by its name, the main one first, with a timeout that is short enough for a person who waits."""
    if services.urgent.jira is not None:
        yield "", services.urgent.jira
    yield from services.urgent.sites.items()


def site_of(settings: Settings, name: str) -> Site:
    """A site as renderers need it."""
    return Site(settings.jira_sites[name].base_url if name else settings.jira_base_url or "", name)


def resource_of(settings: Settings, typed: str) -> str:
    """The issue or project that a person names: a bare key belongs to the site that has its project.

    Empty if they name a site that there is not.
    """
    site, _, key = typed.strip().rpartition("/")
    if site:
        return f"{site.lower()}/{key.upper()}" if site.lower() in settings.jira_sites else ""
    project = key.upper().partition("-")[0]
    home = next((name for name, given in settings.jira_sites.items() if project in given.projects), "")
    return f"{home}/{key.upper()}" if home else key.upper()


def no_site(sites: Iterable[str], named: str) -> str:
    """The sentence for whoever names a site that there is not."""
    names = ", ".join(sorted(sites))
    there = f"there is {names}, and the main one without a name" if names else "there is one alone, without a name"
    return f"I know no Jira named {named[:40]}; {there}."


def issue_named(settings: Settings, typed: str) -> str:
    """The issue's resource if what a person typed is an issue's key or a link to one; empty otherwise."""
    if "://" in typed:
        return issue_linked(settings, typed.strip().strip("<>").partition("|")[0])
    resource = resource_of(settings, typed)
    return resource if RESOURCE.fullmatch(resource) else ""


def issue_linked(settings: Settings, url: str) -> str:
    """The issue's resource if a link leads to one of any site; empty otherwise."""
    sites = [site_of(settings, name) for name in ("", *settings.jira_sites)]
    # One site's address may be the beginning of another's: the longer one is the nearer one.
    for site in sorted(sites, key=lambda site: len(site.url), reverse=True):
        key = issue_of_link(url, site.url)
        if key:
            return site.qualified(key)
    return ""


def no_issue_link(settings: Settings, typed: str) -> str:
    """A sentence for whoever gave a link that leads to no issue of any site; empty if it is no such link."""
    if "://" not in typed or issue_named(settings, typed):
        return ""
    hosts = [urlsplit(site_of(settings, name).url).netloc for name in ("", *settings.jira_sites)]
    known = " or ".join(host for host in hosts if host)
    return f"That is no link to an issue on {known or 'a Jira that I know'}."


def _client(main: JiraClient | None, others: Mapping[str, JiraClient], resource: str) -> tuple[JiraClient, str]:
    site, _, key = resource.rpartition("/")
    client = others.get(site) if site else main
    if client is None and site:
        raise Rejected(no_site(others, site), "unknown_site")
    if client is None:
        raise Unauthorized("Jira is off: JIRA_BASE_URL or JIRA_API_TOKEN is not set.")
    return client, key
