"""What is there when the curtain opens: the people, and a few things they have said and made before."""

from sandbox.playground import ADA, GRACE, Playground
from sandbox.slack import DEV, GENERAL


def prepare(playground: Playground) -> None:
    """Fill the stand-ins; nothing of it is told to connect, which was not there yet."""
    slack, jira, github = playground.slack, playground.jira, playground.github
    slack.say(ADA, GENERAL, "Good morning! The printer on floor 3 is on fire again: smoke comes out of tray 2.")
    slack.say(GRACE, GENERAL, "I can smell it up here. Does anybody have a ticket for that?")
    slack.say(GRACE, DEV, "The release is planned for Thursday.")
    jira.create("OPS", "Task", "Order a new fire extinguisher", "Grace Hopper")
    github.person("ada", "Ada Lovelace").email = "ada@example.com"
    github.person("grace", "Grace Hopper").email = "grace@example.com"
    for repo in github.repos:
        repo.roles |= {"ada": "admin", "grace": "write"}
