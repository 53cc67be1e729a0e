"""Jira as one person, by the access token that they gave connect: the same client, with another's rights.

On Cloud such calls go to Atlassian's gateway instead of the site; pages are still the site's.
https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/#3-1-get-the-cloudid-for-your-site
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from adapters.errors import Rejected, Unauthorized, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.session import JiraSession

type Renew = Callable[[str], str]
"""Gives another access token for one that Jira refuses; raises an `AdapterError` if there is none."""


class PersonalJira(JiraClient):
    """A Jira site for one person. A refused token never is `Unauthorized` here: connect's own account still works."""

    def __init__(self, site: str, api_url: str, token: str, timeout: float, renew: Renew) -> None:
        """`site` is the address of the pages; `api_url` is that of the gateway on Cloud, and empty on Data Center."""
        super().__init__(site, "", token, timeout)
        self.cloud = bool(api_url)
        self._session = _PersonalSession(api_url or site, token, timeout, renew, cloud=self.cloud)


class _PersonalSession(JiraSession):
    def __init__(self, base_url: str, token: str, timeout: float, renew: Renew, *, cloud: bool) -> None:
        super().__init__(base_url, "", token, timeout)
        self.cloud = cloud
        self._renew = renew

    def _call(self, method: str, path: tuple[str, ...], **how: Any) -> Any:
        token, begun = self._token, time.monotonic()
        try:
            return super()._call(method, path, **how)
        except Unauthorized:
            # A sure no, so even a write may be made again; but not so late that its lease has run out.
            self._use(self._renew(token))
            if time.monotonic() - begun > self._timeout:
                raise Unavailable("Jira wanted a new sign-in first, and that took too long.") from None
        try:
            return super()._call(method, path, **how)
        except Unauthorized as refused:
            # Atlassian answers so, too, where the app was not given the scope that a call needs.
            raise Rejected(f"Jira does not let your linked account do this. {refused}", "401") from refused

    def _use(self, token: str) -> None:
        self._token, self._auth = token, {"token_auth": token}
        self._threads = threading.local()
