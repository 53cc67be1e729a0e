"""Jira behind one type: Cloud (REST v3, ADF, accountId) and Data Center (REST v2, wiki text, user names).

What it creates carries a marker inside the very call (a property `connect`, and on an issue a label that JQL can find),
so that after a lost answer the caller can look before it sends again. It never sends a call again by itself, but for
one case: Jira surely refused an issue for its reporter or labels alone, and takes it without them.
"""

from typing import Literal

from adapters.jira.accounts import Accounts
from adapters.jira.comments import Comments
from adapters.jira.doing import Doing
from adapters.jira.files import Files
from adapters.jira.forms import Forms
from adapters.jira.issues import Issues
from adapters.jira.queries import Queries
from adapters.jira.remote_links import RemoteLinks
from adapters.jira.search import Search
from adapters.jira.worklogs import Worklogs


class JiraClient(Doing, Worklogs, Issues, Comments, Forms, Accounts, Queries, Search, RemoteLinks, Files):
    """One Jira site; safe to share between threads. Every method raises `adapters.errors.AdapterError`s only."""

    service: Literal["jira", "github"] = "jira"
