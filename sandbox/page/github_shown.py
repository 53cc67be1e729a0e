"""What the GitHub pane shows: repositories with their issues, pull requests, runs, releases and deployments."""

from sandbox.github.shapes import Json
from sandbox.github.state import Repo, Ticket
from sandbox.playground import Playground


def shown(playground: Playground) -> Json:
    """Repositories and what is in them."""
    github = playground.github
    with github.lock:
        return {"url": github.url, "repositories": [_repo(each) for each in github.repos]}


def _repo(repo: Repo) -> Json:
    return {
        "name": repo.full_name,
        "private": repo.private,
        "tickets": [_ticket(each) for each in sorted(repo.tickets.values(), key=lambda one: -one.number)],
    }


def _ticket(ticket: Ticket) -> Json:
    return {
        "number": ticket.number, "title": ticket.title, "body": ticket.body or "", "author": ticket.author.login,
        "state": ticket.state, "pull": ticket.pull is not None,
    }  # fmt: skip
