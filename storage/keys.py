"""Keys that fit their column whatever a service sends."""

import hashlib

KEY_BYTES = 255


def fit(key: str) -> str:
    """The key itself, or its start and its SHA-256 if it is too long; lone surrogates become `?`."""
    encoded = key.encode("utf-8", "replace")
    if len(encoded) <= KEY_BYTES:
        return encoded.decode()
    digest = hashlib.sha256(encoded).hexdigest()
    start = encoded[: KEY_BYTES - len(digest) - 1].decode("utf-8", "ignore")
    return f"{start}#{digest}"
