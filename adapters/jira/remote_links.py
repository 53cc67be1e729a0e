"""Links from an issue to pages elsewhere, as Jira shows them beside the issue."""

from dataclasses import dataclass

from adapters.errors import NotFound
from adapters.jira.site import JiraSite, valid_key

TITLE_LIMIT = 255


@dataclass(frozen=True)
class Item:
    """Something elsewhere that has a state, such as a pull request; `resolved` strikes it through."""

    global_id: str
    """By what Jira tells one link of an issue from the others; up to 255 characters."""
    url: str
    title: str
    relationship: str
    state: str
    """In a word, as the tooltip of its icon."""
    resolved: bool
    application: str
    icon: str
    """The address of an icon of the application's."""


class RemoteLinks(JiraSite):
    """The part of the client that is about remote links. What is said twice under one `global_id` is one link."""

    def link_page(self, key: str, global_id: str, url: str, title: str) -> None:
        """Show a link to a page on an issue, or change the one with this id (up to 255 characters)."""
        page = {"url": url, "title": title[:TITLE_LIMIT]}
        body = {"globalId": global_id, "application": {"type": "connect", "name": "Slack"}, "object": page}
        self._session.create("issue", valid_key(key), "remotelink", body=body)

    def link_item(self, key: str, item: Item) -> None:
        """Show a link to something with its state on an issue, or bring the one with its id up to date.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/
        """
        # Jira's own icons of statuses: both kinds of Jira have them at this address.
        status = f"{self._site.url}/images/icons/statuses/{'resolved' if item.resolved else 'open'}.png"
        shown = {
            "url": item.url,
            "title": item.title[:TITLE_LIMIT],
            "icon": {"url16x16": item.icon, "title": item.application},
            "status": {"resolved": item.resolved, "icon": {"url16x16": status, "title": item.state, "link": item.url}},
        }
        application = {"type": "connect", "name": item.application}
        body = {"globalId": item.global_id, "application": application, "relationship": item.relationship}
        self._session.create("issue", valid_key(key), "remotelink", body={**body, "object": shown})

    def unlink_page(self, key: str, global_id: str) -> None:
        """Take a link away again; fine if it, or its issue, is gone."""
        try:
            self._session.delete("issue", valid_key(key), "remotelink", globalId=global_id)
        except NotFound:
            return
