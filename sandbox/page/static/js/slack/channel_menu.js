// What can be done with a channel: invite somebody, archive it, share it with another company.

import { doing } from "./doing.js";
import { person } from "./here.js";

/** The items of a channel's menu. */
export function channelMenu(slack, place, user) {
  if (["guest", "stranger"].includes(user.role)) return [...members(slack, place), "Guests cannot change a channel."];
  const others = slack.people.filter((each) => !place.members.includes(each.id));
  const channel = place.id;
  return [
    ...members(slack, place),
    ...(others.length && !place.archived ? ["Invite"] : []),
    ...(place.archived ? [] : others.map((each) => ({
      label: `Invite ${each.name}`, note: each.role === "app" ? "The app; it can post here then" : "",
      act: () => doing("invite", { channel, invited: each.id }),
    }))),
    "Channel",
    { label: place.shared ? "Stop sharing with the other company" : "Share with another company",
      act: () => doing("share", { channel, back: place.shared }) },
    { label: place.archived ? "Bring the channel back" : "Archive the channel", danger: !place.archived,
      act: () => doing("archive", { channel, back: place.archived }) },
  ];
}

function members(slack, place) {
  return [`In it: ${place.members.map((id) => person(slack, id).name).join(", ")}`];
}
