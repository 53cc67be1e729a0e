"""What a visitor asks of connect itself: one row whole, and the calls that it led to."""

from typing import Any

import requests

from sandbox.page.given import Impossible, number, text
from sandbox.page.tally import calls_with
from sandbox.playground import Playground

type Json = dict[str, Any]
KINDS = {"deliveries": "delivery", "integrations": "integration"}


def _row(playground: Playground, given: Json) -> Json:
    """A row as the REST API tells it, with the calls that carried its marker."""
    kind, row_id = text(given, "kind"), number(given, "id")
    if kind not in KINDS:
        raise Impossible(f"There are no {kind}.")
    try:
        answer = requests.get(f"{playground.connect.url}/api/v1/{kind}/{row_id}", timeout=5)
    except requests.RequestException as error:
        raise Impossible("connect does not answer, so its rows cannot be read. Start it again.") from error
    if answer.status_code != requests.codes.ok:
        raise Impossible(f"connect has no {KINDS[kind]} {row_id}.")
    row: Json = answer.json()[KINDS[kind]]
    return {"row": row, "calls": calls_with(playground, row["marker"]) if row.get("marker") else []}


ACTS: dict[str, Any] = {"row": _row}
