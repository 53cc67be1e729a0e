"""The doors over HTTP: a small Flask app that mounts Bolt beside the webhooks, the REST API and the health probe."""

from flask import Flask
from slack_bolt import App

from bot.receiver import answers, api, health, slack, webhooks
from bot.services import Services


def create_app(services: Services, bolt: App) -> Flask:
    """The WSGI app."""
    app = Flask("connect", static_folder=None)
    app.json.sort_keys = False  # pyright: ignore[reportAttributeAccessIssue]
    for blueprint in (
        slack.blueprint(services, bolt),
        webhooks.blueprint(services),
        api.blueprint(services),
        health.blueprint(services),
    ):
        app.register_blueprint(blueprint)
    answers.register(app)
    return app
