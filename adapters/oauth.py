"""What a person allowed connect to do as them: tokens, as an authorization server gives them."""

from dataclasses import dataclass, field

from adapters.errors import Rejected


class GrantEnded(Rejected):
    """What the person allowed holds no longer (taken back, expired, used twice): only they can allow it anew."""


@dataclass(frozen=True)
class Grant:
    """What a code or a refresh token was exchanged for; `seconds` is how long `access` is good.

    Without `refresh` the access token is good until it is taken back.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    seconds: float
    scope: str
