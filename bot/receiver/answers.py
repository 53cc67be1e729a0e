"""How the doors say no, always in the same shape."""

from typing import Any

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from adapters.webhook import BadSignature, Malformed
from storage.engine import DatabaseUnavailable


def error(status: int, code: str, message: str, **more: Any) -> Response:
    """`{"success": false, "error": {"code": …, "message": …}}`."""
    answer = jsonify(success=False, error={"code": code, "message": message, **more})
    answer.status_code = status
    return answer


def register(app: Flask) -> None:
    """Turn what the doors raise into answers."""

    def bad_signature(given: BadSignature) -> Response:
        return error(401, "bad_signature", str(given))

    def malformed(given: Malformed) -> Response:
        return error(400, "malformed", str(given))

    def unavailable(given: DatabaseUnavailable) -> Response:
        answer = error(503, "unavailable", "Nothing was stored. Send it again later.")
        app.logger.error("database: %s", given)
        answer.headers["Retry-After"] = "5"
        return answer

    def refused(given: HTTPException) -> Response:
        return error(given.code or 500, str(given.name).lower().replace(" ", "_"), given.description or str(given.name))

    app.register_error_handler(BadSignature, bad_signature)
    app.register_error_handler(Malformed, malformed)
    app.register_error_handler(DatabaseUnavailable, unavailable)
    app.register_error_handler(HTTPException, refused)
