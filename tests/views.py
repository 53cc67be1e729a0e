"""Every form and home that connect shows, with everything in them that can be searched, chosen or pressed."""

from typing import Any

from adapters.document import Document
from adapters.jira.doing import Transition
from adapters.jira.fields import FieldSpec, read_field
from adapters.jira.forms import IssueType
from adapters.jira.issue import Issue
from bot.create_screens import Screen
from bot.issue_templates import Choice, Part, Template
from bot.modals import create_issue as modal
from bot.modals import doing, github_subscription, link_issue, open_issue, thread
from bot.modals import github_doing as on_github
from bot.modals import subscription as subscription_form
from bot.modals.elements import option, picked
from bot.modals.subscription_parts import Draft
from bot.renderers.home import Found, State, home
from bot.renderers.home_settings import Kept
from sandbox.jira.screens import APPROVAL, standard

AT_GITHUB = {"resource": "acme/web#7", "sha": "0" * 40}
META = {"issue": "OPS-1", "channel": "", "thread": "", "response_url": ""}
ISSUE = Issue("1", "OPS-1", "https://x.test/browse/OPS-1", "Door stuck", status="To Do", complete=True)
STEPS = [Transition("1", "Done", "Done")]
FIELDS = (FieldSpec("summary", "Summary", required=True, kind="text"),)


def every_view() -> list[dict[str, Any]]:
    """The forms, with everything in them that can be searched, chosen or pressed."""
    usual = read_field(standard("labels", "Labels", required=True).shown(), "labels")
    beyond = read_field(APPROVAL[0].shown(), "customfield_10220")
    screen = Screen("OPS", (), IssueType("1", "Task", subtask=False), (beyond, usual), "https://jira.example.com/?x")
    return [
        modal.form_view(modal.Form(screen=screen), {}), modal.form_view(modal.Form(notice="Jira is away."), {}),
        doing.assign_view(META), doing.comment_view(META), doing.add_to_view(META, Document(()), {}),
        doing.log_work_view(META, 1),
        doing.status_view(ISSUE, STEPS, META), doing.edit_view(ISSUE, (FIELDS, {}, ()), META),
        subscription_form.form_view(Draft(), "OPS", {}), link_issue.form_view({}),
        github_subscription.form_view(Draft(), "", dict.fromkeys(github_subscription.LISTS, ("failure",)), {}),
        thread.link_view(META), open_issue.form_view(open_issue.Form(choice=Choice((Template("Bug"),))), {}),
        open_issue.form_view(open_issue.Form(
            {open_issue.TEMPLATE: picked(option("Bug", "0"))},
            Choice((Template("Bug", parts=(Part("dropdown", "Version", options=tuple("abcdefghijklmnopqrstuvw")),)),)),
        ), {}),
        on_github.comment_view(AT_GITHUB), on_github.changes_view(AT_GITHUB), on_github.reviewers_view(AT_GITHUB),
        on_github.merge_view(AT_GITHUB, on_github.Known("acme/web#7", "main", methods=["merge"])),
        on_github.gates_view(AT_GITHUB, "CI #1", [on_github.Gate(1, "production", "2 commits")]),
        on_github.edit_view(AT_GITHUB, on_github.Held("", "Oil", "", [], [], {"title": "1", "body": "2"})),
    ]  # fmt: skip


def used_at_home() -> set[str]:
    """What can be used in a home, linked or not, on a page between two others, with GitHub, and one Jira or two."""
    state, accounts = State(trail=("10",), following="20", at=1), (("", "Mia", "by claim"), ("eu", "", ""))
    github: dict[str, Any] = {"github": ("mia", "by claim"), "github_linking": True}
    views = [
        home(state, Kept(accounts, linking=True, linked=linked, github_linked=bool(linked), **github), Found([ISSUE]))
        for linked in ("", "Mia")
    ]
    blocks = [block for view in views for block in view["blocks"]]
    elements = [[*block.get("elements", ()), block.get("element"), block.get("accessory")] for block in blocks]
    return {element["action_id"] for found in elements for element in found if element and "action_id" in element}
