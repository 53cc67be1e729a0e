"""Which issue a link leads to."""

import pytest

from adapters.jira.addresses import issue_of_link

CLOUD = "https://acme.atlassian.net"
CENTER = "https://jira.example.com:8443/jira"


@pytest.mark.parametrize(
    "path",
    [
        "/browse/OPS-12",
        "/browse/ops-12/",
        "/browse/OPS-12?focusedCommentId=10001#comment-10001",
        "/projects/OPS/issues/OPS-12?filter=allissues",
        "/jira/software/c/projects/OPS/issues/OPS-12",
        "/jira/servicedesk/projects/OPS/queues/custom/3/OPS-12",
        "/jira/software/projects/OPS/boards/1?selectedIssue=OPS-12",
        "/secure/RapidBoard.jspa?rapidView=1&amp;selectedIssue=OPS-12",
    ],
)
def test_the_addresses_of_an_issue_lead_to_it(path: str) -> None:
    assert (issue_of_link(CLOUD + path, CLOUD), issue_of_link(CENTER + path, CENTER)) == ("OPS-12", "OPS-12")


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.atlassian.net",
        "https://acme.atlassian.net/browse/OPS",
        "https://acme.atlassian.net/wiki/spaces/OPS/pages/1/UTF-8",
        "https://acme.atlassian.net/wiki/issues/OPS-12",
        "https://acme.atlassian.net/rest/api/3/issue/OPS-12",
        "https://acme.atlassian.net.evil.example/browse/OPS-12",
        "https://evil.example/https://acme.atlassian.net/browse/OPS-12",
        "https://acme.atlassian.net@evil.example/browse/OPS-12",
        "https://acme.atlassian.net:8443/browse/OPS-12",
        "ftp://acme.atlassian.net/browse/OPS-12",
        "https://acme.atlassian.net:port/browse/OPS-12",
        "https://[acme/browse/OPS-12",
        "",
    ],
)
def test_every_other_address_leads_to_none(url: str) -> None:
    assert issue_of_link(url, CLOUD) == ""


def test_an_address_beside_the_path_of_a_data_center_is_none_of_its_own() -> None:
    assert issue_of_link("https://jira.example.com:8443/browse/OPS-12", CENTER) == ""
    assert issue_of_link("https://jira.example.com:8443/jira2/browse/OPS-12", CENTER) == ""


def test_without_a_jira_no_link_leads_anywhere() -> None:
    assert issue_of_link("https:///browse/OPS-12", "") == ""
