"""A thread in which people created an issue follows the issue, whatever the channel subscribed to."""

from sandbox.slack import GENERAL, MEMBER
from tests.world import World


def test_a_thread_that_people_opened_hears_what_the_channels_subscription_leaves_out(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created")
    ts = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create: the printer is on fire")
    world.settle()
    key = next(iter(world.jira.issues.values())).key
    world.jira.edit(key, "Grace Hopper", summary="The printer has burnt down")
    world.settle()
    said = [message["text"] for message in world.slack.thread(GENERAL, ts)]
    assert said[2:] == ["*Grace Hopper* changed *Summary*: the printer is on fire → The printer has burnt down"]
