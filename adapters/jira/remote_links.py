"""Links from an issue to pages elsewhere, as Jira shows them beside the issue."""

from adapters.errors import NotFound
from adapters.jira.site import JiraSite, valid_key

TITLE_LIMIT = 255


class RemoteLinks(JiraSite):
    """The part of the client that is about remote links. What is said twice under one `global_id` is one link."""

    def link_page(self, key: str, global_id: str, url: str, title: str) -> None:
        """Show a link to a page on an issue, or change the one with this id (up to 255 characters)."""
        page = {"url": url, "title": title[:TITLE_LIMIT]}
        body = {"globalId": global_id, "application": {"type": "connect", "name": "Slack"}, "object": page}
        self._session.create("issue", valid_key(key), "remotelink", body=body)

    def unlink_page(self, key: str, global_id: str) -> None:
        """Take a link away again; fine if it, or its issue, is gone."""
        try:
            self._session.delete("issue", valid_key(key), "remotelink", globalId=global_id)
        except NotFound:
            return
