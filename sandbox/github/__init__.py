"""A GitHub on loopback: repositories, issues, pull requests, deployments, and the signed webhooks they cause."""

from sandbox.github.driver import GitHubStandIn

__all__ = ["GitHubStandIn"]
