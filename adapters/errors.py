"""What can go wrong in an outside call, typed by what the caller should do.

`Unavailable` (`Unreachable` too): call again later. `OutcomeUnknown`: look before calling again. `Rejected`: a sure no,
tell someone.
"""


class AdapterError(Exception):
    """An outside call that did not succeed; `str()` is a sentence for people, free of secrets."""


class Unavailable(AdapterError):
    """The service surely did nothing and may answer later; `retry_after` is in seconds, if the service named a time."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unreachable(Unavailable):
    """No connection to the service could be made: it is away as a whole, or the way to it is."""


class OutcomeUnknown(AdapterError):
    """The request left and no answer came back that says what became of it: it may or may not have had its effect.

    `retry_after` is in seconds, if the service named a time before which it wants no other call.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Rejected(AdapterError):
    """The service understood and refused; asking again changes nothing. `code` is the service's own word for it."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NotFound(Rejected):
    """What the call speaks of does not exist, or may not be seen with these credentials."""


class Unauthorized(Rejected):
    """The credentials themselves are refused (revoked, expired, wrong): no call of this service can succeed."""


class Invalid(Rejected):
    """The service names fields it does not accept; `fields` maps the field's id to the service's sentence."""

    def __init__(self, message: str, fields: dict[str, str] | None = None, code: str = "") -> None:
        super().__init__(message, code)
        self.fields = fields or {}
