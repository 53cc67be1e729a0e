"""Somebody's account in Jira or on GitHub, as people are told of it and as rows keep it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """An account: `id` never changes, `name` is what its owner types to sign in, `display` what others read.

    Jira: `id` is the accountId on Cloud and the user name on Data Center, `name` the user name or empty.
    GitHub: `id` is the number in digits, `name` the login.
    """

    id: str
    name: str
    display: str
