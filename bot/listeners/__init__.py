"""The doors from Slack, one file for each section of the manifest. A listener acks, reads, calls a flow, answers.

Everything registers here, by name. What a listener wants done it adds to `context["plan"]`; whoever dispatched the
request stores that plan (the receiver before the answer leaves, the worker with the delivery's end).
"""

import logging

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.listeners import (
    actions,
    approvals,
    changes,
    channels,
    commands,
    doing_forms,
    doing_options,
    errors,
    events,
    form_actions,
    github_buttons,
    github_open_form,
    home,
    options,
    pages,
    previews,
    reactions,
    shortcuts,
    step_options,
    subscription_forms,
    subscription_list,
    thread_form,
    tie_commands,
    views,
    workflow_steps,
)
from bot.services import Services

SECTIONS = (
    commands,
    shortcuts,
    actions,
    views,
    form_actions,
    github_open_form,
    doing_forms,
    github_buttons,
    options,
    doing_options,
    subscription_forms,
    subscription_list,
    pages,
    tie_commands,
    thread_form,
    channels,
    events,
    changes,
    home,
    previews,
    reactions,
    workflow_steps,
    step_options,
    approvals,
)


def build(services: Services) -> App:
    """The Bolt app. It verifies nothing itself (the receiver has done so) and makes no call of its own."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        identity = services.workspace.known()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token="-",  # noqa: S106 - listeners use `services.slack`, never Bolt's own client
            bot_id=identity.bot_id if identity else None,
            bot_user_id=identity.bot_user_id if identity else None,
        )

    logger = logging.getLogger("connect.bolt")
    # Bolt looks for a token in the environment and warns that it has no use for it.
    logger.addFilter(lambda record: "token (or SLACK_BOT_TOKEN" not in record.getMessage())
    # Explicit values throughout: Bolt would otherwise take what it finds in the environment.
    app = App(
        name="connect",
        logger=logger,
        authorize=authorize,
        signing_secret="-",  # noqa: S106
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
    for section in SECTIONS:
        section.register(app, services)
    errors.register(app)
    return app
