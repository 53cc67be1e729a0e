"""Events that GitHub may send and nothing is shown of, and why: whole events, or single actions of them.

They are stored and counted like all others. https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

_SETTING = "a setting, which concerns those who keep the repository"
_TOLD = "another event tells it: {}"
_BOARD = "it happens on a project board, to no issue or pull request"
_SALES = "a purchase or a sponsorship concerns its account alone"
_INSTALLED = "what connect may do, not what people did"
_PROGRAM = "it is for programs"
_LISTED = "it shows on the cards of what has it"
_QUIET = "nobody needs to be told"

IGNORED: dict[str, str] = {
    "check_run": _TOLD.format("`check_suite` sums it up"),
    "check_suite.requested": _TOLD.format("its end does"),
    "workflow_job": _TOLD.format("`workflow_run` does"),
    "merge_group": _TOLD.format("`pull_request.enqueued` and `dequeued` do"),
    "deployment": _TOLD.format("`deployment_status` does"),
    "release.created": _TOLD.format("`release.published` does"),
    "release.edited": "a release has no card that could change",
    "release.prereleased": _TOLD.format("`release.published` does"),
    "public": _TOLD.format("`repository.publicized` does"),
    "watch": _TOLD.format("`star.created` does"),
    "star.deleted": _QUIET,
    "team_add": _TOLD.format("`team.added_to_repository` does"),
    "repository_vulnerability_alert": _TOLD.format("`dependabot_alert` does"),
    "secret_scanning_alert_location": _TOLD.format("`secret_scanning_alert` does"),
    "secret_scanning_scan": _PROGRAM,
    "security_advisory": "it tells of the world's software: `dependabot_alert` does of what is used here",
    "security_and_analysis": _SETTING,
    "dependabot_alert.assignees_changed": _QUIET,
    "code_scanning_alert.updated_assignment": _QUIET,
    "bypass_request_push_ruleset": _SETTING,
    "bypass_request_secret_scanning": _SETTING,
    "exemption_request_push_ruleset": _SETTING,
    "exemption_request_secret_scanning": _SETTING,
    "dismissal_request_code_scanning": _SETTING,
    "dismissal_request_dependabot": _SETTING,
    "dismissal_request_secret_scanning": _SETTING,
    "branch_protection_configuration": _SETTING,
    "branch_protection_rule": _SETTING,
    "custom_property": _SETTING,
    "custom_property_values": _SETTING,
    "deploy_key": _SETTING,
    "repository_ruleset": _SETTING,
    "repository_import": _QUIET,
    "org_block": "whom an organization blocks is its own business",
    "organization.deleted": "there is nobody left to be told",
    "user": "an account of the server as a whole",
    "label": _LISTED,
    "milestone": _LISTED,
    "gollum": "pages of the wiki are in no thread and on no card",
    "page_build": _PROGRAM,
    "package": _PROGRAM,
    "registry_package": _PROGRAM,
    "repository_dispatch": _PROGRAM,
    "workflow_dispatch": _TOLD.format("`workflow_run` does"),
    "cache_sync": _PROGRAM,
    "enterprise": "a setting of the server as a whole",
    **dict.fromkeys(("project", "project_card", "project_column"), _BOARD),
    **dict.fromkeys(("projects_v2", "projects_v2_item", "projects_v2_status_update"), _BOARD),
    **dict.fromkeys(("marketplace_purchase", "sponsorship"), _SALES),
    **dict.fromkeys(("installation", "installation_repositories", "installation_target"), _INSTALLED),
    **dict.fromkeys(("github_app_authorization", "personal_access_token_request"), _INSTALLED),
    **dict.fromkeys(("ping", "meta"), "it is about the webhook itself"),
}
"""By `event`, or by `event.action` where others of its actions are shown."""

SOMETIMES: dict[str, str] = {
    "push": "it brought no commits to a branch: `create` and `delete` tell of tags and branches",
    "check_suite": "connect knows no open pull request that ends with this commit, or the card shows it already",
    "status": "connect knows no open pull request that ends with this commit, or the card shows it already",
    "repository.edited": "of a repository's settings only another default branch is told",
    "team.edited": "of a team's settings only another name is told",
}
"""Events of which there is something to tell, but not always."""
