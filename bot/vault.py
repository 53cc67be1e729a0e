"""What must not be read by who reads the database: sealed with a key that only the settings hold.

The first key seals, all of them open: a new one is put in front, `app.py tokens rotate` seals everything with it, and
then the old one may go. https://cryptography.io/en/latest/fernet/#cryptography.fernet.MultiFernet
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """None of the keys opens it: the one that sealed it is no longer in CONNECT_ENCRYPTION_KEY."""


class Vault:
    """Seals and opens short texts; safe to share between threads."""

    def __init__(self, keys: Sequence[str]) -> None:
        """At least one Fernet key; raises `ValueError` if one of them is none."""
        self._keys = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        """The text, unreadable without the key."""
        return self._keys.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text again; raises `Unreadable`."""
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable("No key in CONNECT_ENCRYPTION_KEY opens what is stored.") from None


def is_key(word: str) -> bool:
    """Whether it is a Fernet key: 32 bytes in URL-safe base64."""
    try:
        Fernet(word)
    except ValueError:
        return False
    return True


def new_key() -> str:
    """A new random key."""
    return Fernet.generate_key().decode()
