// Who the visitor is in Slack, and what they look at there: kept in `state.ui.slack`, never told to the server.

import { changed, state } from "../store.js";

/** The visitor's own view of Slack. */
export function ui() {
  state.ui.slack ??= {
    place: "", // the channel on show; "home" and "messages" are connect's own tabs
    thread: "", // ts of the thread's first message, in the panel
    object: null, // the Work Object in the panel
    side: false, // whether the sidebar is open on a phone
    menu: null, // the menu that is open
    step: null, // the workflow step that is being filled in
    dialog: null, // a confirm dialog or a small form of the channel's menu
    editing: "", // ts of the message that is being edited
    waiting: {}, // what waits for connect, by key
    failed: {}, // what Slack says of what connect did not answer, by key
    said: [], // what Slackbot said to one person only
    hidden: {}, // ts of what was dismissed
    seen: {}, // the newest message that each person has seen, by person and channel
    drafts: {}, // what stands in the composers
    waitingFor: "", // whether a shortcut waits for connect
  };
  return state.ui.slack;
}

/** Change what the visitor looks at. */
export function look(changes) {
  Object.assign(ui(), changes);
  changed();
}

/** Who the visitor is: the admin until they choose. */
export function me(slack) {
  const people = slack.people.filter((each) => each.role !== "app");
  return people.find((each) => each.id === state.ui.me) ?? people.find((each) => each.role === "admin") ?? people[0];
}

/** Be somebody else; what is open belongs to whom one was before. */
export function become(id) {
  state.ui.me = id;
  const { place } = ui();
  const nothing = { thread: "", object: null, step: null, menu: null, editing: "" };
  look({ ...nothing, place: place.startsWith("D") ? "home" : place });
}

/** Somebody, by id. */
export function person(slack, id) {
  return slack.people.find((each) => each.id === id) ?? { id, name: id || "Somebody", handle: id, role: "member" };
}

/** A conversation, by id. */
export function channel(slack, id) {
  return slack.channels.find((each) => each.id === id);
}

/** The direct message with connect, which need not have begun. */
export function direct(slack, user) {
  const id = `D${user.slice(1)}`;
  return channel(slack, id) ?? { id, kind: "im", name: "", members: [user], messages: [], archived: false, user };
}

/** The app's own user. */
export function app(slack) {
  return slack.people.find((each) => each.role === "app");
}

/** Channels the person is in, and public ones they could join. */
export function channelsOf(slack, user) {
  const places = slack.channels.filter((each) => each.kind !== "im");
  const mine = places.filter((each) => each.members.includes(user.id));
  const outsider = user.role === "guest" || user.role === "stranger";
  return { mine, others: outsider ? [] : places.filter((each) => each.kind === "channel" && !mine.includes(each)) };
}

/** The conversation on show; the first one the person is in if theirs is gone. */
export function placeOf(slack) {
  const user = me(slack);
  const { place } = ui();
  const withConnect = ["home", "messages", `D${user.id.slice(1)}`].includes(place);
  if (withConnect && user.role !== "stranger") return direct(slack, user.id);
  const { mine, others } = channelsOf(slack, user);
  return [...mine, ...others].find((each) => each.id === place) ?? mine[0] ?? direct(slack, user.id);
}

/** Show a channel, or connect's `home` or `messages`. */
export function goTo(place) {
  look({ place, thread: "", object: null, side: false, menu: null, editing: "" });
}

/** Show a thread beside its channel. */
export function openThread(place, ts) {
  look({ place, thread: ts, object: null, side: false, menu: null });
}

/** How a channel is written. */
export function nameOf(place) {
  return place.kind === "im" ? "connect" : place.name;
}

/** What the person can read of the conversation, oldest first: also what only they see, and what Slack refused. */
export function messagesIn(slack, place, user) {
  const own = (each) => each.channel === place.id && each.shown_to === user.id && !ui().hidden[each.ts];
  const names = place.kind === "im" ? [place.id, place.user] : [place.id];
  const refused = slack.refusals.filter((each) => names.includes(each.channel) && !ui().hidden[each.ts])
    .map((each) => ({ ...each, refused: true }));
  const all = [...place.messages, ...slack.ephemerals.filter(own), ...ui().said.filter(own), ...refused];
  return all.sort((a, b) => a.ts.localeCompare(b.ts));
}

/** What Slack refused that was for this person's windows, not for a channel. */
export function refusedFor(slack, user) {
  return slack.refusals.filter((each) => !each.channel && (each.user ?? user.id) === user.id && !ui().hidden[each.ts]);
}

/** Whether the message stands in the channel itself. */
export function isTop(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}

/** Let Slackbot say something to one person. */
export function slackbot(user, place, text, thread = "") {
  const ts = (Date.now() / 1000).toFixed(6);
  const said = { ts, text, user: "USLACKBOT", is_ephemeral: true, channel: place, shown_to: user };
  ui().said.push(thread ? { ...said, thread_ts: thread } : said);
  changed();
}

/** Whether there is something in the conversation that the person has not seen. */
export function isUnread(slack, place, user) {
  const seen = (ui().seen[user.id] ??= {});
  const newest = newestIn(slack, place, user);
  seen[place.id] ??= newest;
  return newest > seen[place.id];
}

/** The person looks at the conversation. */
export function markSeen(slack, place, user) {
  (ui().seen[user.id] ??= {})[place.id] = newestIn(slack, place, user);
}

function newestIn(slack, place, user) {
  const others = messagesIn(slack, place, user).filter((each) => isTop(each) && each.user !== user.id);
  return others.at(-1)?.ts ?? "0";
}
