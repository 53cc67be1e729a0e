"""What people do to an issue: assign it, move it through its workflow, edit it, watch it.

All but a step may be repeated: it sets what is so already. A step is known by its marker in the issue's history: one
of the same name may be possible again behind it. Whose rights count is the caller's concern.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.errors import Invalid, Rejected
from adapters.jira.accounts import Account, Accounts
from adapters.jira.fields import FieldSpec, read_fields
from adapters.jira.issues import Issues
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import PROPERTY, valid_key


@dataclass(frozen=True)
class Transition:
    """A step that an issue can take now; `to` is the status that it leads to, `fields` what its screen asks for."""

    id: str
    name: str
    to: str
    fields: tuple[FieldSpec, ...] = ()
    category: str = ""
    """That of the status: `new`, `indeterminate` or `done`; empty if not said."""


class Doing(Issues, Accounts):
    """The part of the client that acts on an issue. All of its methods raise `NotFound` if there is no such issue."""

    def transitions(self, key: str) -> list[Transition]:
        """The steps of the workflow that are possible now, with their screens."""
        answer = mapping(self._session.get("issue", valid_key(key), "transitions", expand="transitions.fields"))
        return [_transition(raw) for raw in objects(answer.get("transitions"))]

    def transition(self, key: str, step: Transition, fields: Mapping[str, Any] | None = None, marker: str = "") -> None:
        """Take a step; `fields` as `jira_value` makes them. Fine if the issue has come to that status meanwhile.

        Raises `Invalid` with Jira's sentence for each field that it does not accept. For `historyMetadata` see
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-post
        """
        body: dict[str, Any] = {"transition": {"id": step.id}} | ({"fields": dict(fields)} if fields else {})
        if marker:
            body["historyMetadata"] = {"type": PROPERTY, "extraData": {PROPERTY: marker}}
        try:
            self._session.do("issue", valid_key(key), "transitions", body=body)
        except Rejected as refused:
            # A step cannot be taken twice: an earlier call, of which no answer came, may have had its effect.
            if (isinstance(refused, Invalid) and refused.fields) or self.issue(key).status != step.to:
                raise

    def find_transition(self, key: str, marker: str) -> str | None:
        """The status that a step with this marker led to, or None if the issue's history has no such step (yet).

        Cloud shows the latest hundred changes, Data Center all of them.
        """
        answer = mapping(self._session.get("issue", valid_key(key), fields="status", expand="changelog"))
        for change in objects(mapping(answer.get("changelog")).get("histories")):
            if mapping(mapping(change.get("historyMetadata")).get("extraData")).get(PROPERTY) == marker:
                moves = [item for item in objects(change.get("items")) if item.get("field") == "status"]
                return string(moves[0].get("toString")) if moves else ""
        return None

    def assign(self, key: str, account: Account | str | None) -> None:
        """Assign an issue to a user (or their id), or to nobody."""
        nobody = {"accountId" if self.cloud else "name": None}
        self._session.put("issue", valid_key(key), "assignee", body=self.named(account) if account else nobody)

    def screen(self, key: str) -> tuple[FieldSpec, ...]:
        """The fields that can be edited."""
        return read_fields(mapping(self._session.get("issue", valid_key(key), "editmeta")).get("fields"))

    def values(self, key: str, fields: Sequence[str]) -> Mapping[str, Any]:
        """What an issue holds in some fields (ids), in Jira's own JSON."""
        answer = mapping(self._session.get("issue", valid_key(key), fields=",".join(fields)))
        return mapping(answer.get("fields"))

    def edit(
        self, key: str, fields: Mapping[str, Any], add_labels: Sequence[str] = (), remove_labels: Sequence[str] = ()
    ) -> None:
        """Set fields (in Jira's shapes), and labels one by one, so that those that others set meanwhile stay."""
        labels = [{"add": label} for label in add_labels] + [{"remove": label} for label in remove_labels]
        update = {"update": {"labels": labels}} if labels else {}
        self._session.put("issue", valid_key(key), body={"fields": dict(fields), **update})

    def watch(self, key: str, account: Account) -> None:
        """Let a user watch an issue."""
        (who,) = self.named(account).values()
        self._session.do("issue", valid_key(key), "watchers", body=who)

    def unwatch(self, key: str, account: Account) -> None:
        """Let a user watch an issue no more."""
        (who,) = self.named(account).values()
        self._session.delete("issue", valid_key(key), "watchers", **{"accountId" if self.cloud else "username": who})


def _transition(raw: Mapping[str, Any]) -> Transition:
    to = mapping(raw.get("to"))
    category = string(mapping(to.get("statusCategory")).get("key"))
    return Transition(
        string(raw.get("id")), string(raw.get("name")), string(to.get("name")), read_fields(raw.get("fields")), category
    )
