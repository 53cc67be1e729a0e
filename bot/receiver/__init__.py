"""The doors over HTTP: a small Flask app that mounts Bolt beside the webhooks, the REST API, the health probe and the
metrics.
"""

from flask import Flask
from slack_bolt import App

from bot.receiver import answers, api, health, metrics, oauth, slack, webhooks
from bot.receiver.quick import QuickDoors
from bot.services import Services


def create_app(services: Services, bolt: App) -> Flask:
    """The WSGI app."""
    app = Flask("connect", static_folder=None)
    app.json.sort_keys = False  # pyright: ignore[reportAttributeAccessIssue]
    metrics.watch(app, services)
    for blueprint in (
        slack.blueprint(services, bolt),
        webhooks.blueprint(services),
        api.blueprint(services),
        oauth.blueprint(services),
        health.blueprint(services),
        metrics.blueprint(services),
    ):
        app.register_blueprint(blueprint)
    answers.register(app)
    app.wsgi_app = QuickDoors(app.wsgi_app, services)
    return app
