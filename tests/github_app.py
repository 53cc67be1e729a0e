"""A GitHub App's key and what connect is told of it, for tests: made once, since a key takes a while to make."""

from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.github.access import APP_ID
from sandbox.github.device import CLIENT_ID

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
SIGNING_IN: dict[str, Any] = {"github_oauth_client_id": CLIENT_ID, "connect_encryption_key": KEY}


@cache
def pems() -> tuple[str, str]:
    """A private key and its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def as_app() -> dict[str, str]:
    """The settings of a connect that is a GitHub App, and has no token."""
    return {"github_token": "", "github_app_id": APP_ID, "github_app_private_key": pems()[0]}
