"""A stateful Jira on loopback, Cloud or Data Center, for the demo and the tests."""

from sandbox.jira.model import Comment, Issue, IssueType, Project, Refusal, User
from sandbox.jira.standin import JiraStandIn

__all__ = ["Comment", "Issue", "IssueType", "JiraStandIn", "Project", "Refusal", "User"]
