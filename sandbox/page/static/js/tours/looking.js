// What the tours' steps look at: pure reading of the state, and the controls on the page.

import { choose, find, press, type, until } from "../hands.js";
import { goTo, placeOf, ui } from "../slack/here.js";
import { state as page } from "../store.js";

/** A channel of Slack, by name. */
export function channel(state, name) {
  return state.slack.channels.find((each) => each.name === name);
}

/** The time of the newest message in a channel. */
export function newest(state, name) {
  return channel(state, name).messages.at(-1)?.ts ?? "0";
}

/** The first message in a channel after a time that is connect's (or a person's) and shows these words. */
export function after(state, name, since, { byConnect, words = "" }) {
  return channel(state, name).messages.find(
    (each) => each.ts > since && Boolean(each.bot_id) === byConnect && JSON.stringify(each).includes(words),
  );
}

/** An issue of Jira, by key. */
export function issue(state, key) {
  return state.jira.issues.find((each) => each.key === key);
}

/** The keys of all issues. */
export function keys(state) {
  return { keys: state.jira.issues.map((each) => each.key) };
}

/** The first issue that was not there before. */
export function newIssue(state, memory) {
  return state.jira.issues.find((each) => !memory.keys.includes(each.key));
}

/** Where one writes in a channel; the channel's name where another one is on show. */
export function composer(name) {
  return placeOf(page.slack).name === name ? field(name) : find("slack", "nav button", new RegExp(`^${name}\\b`));
}

/** Write in a channel and send it. */
export async function write(name, text) {
  if (placeOf(page.slack).name !== name) await press(() => composer(name));
  await type(() => field(name), text);
  await send(() => field(name));
}

/** Press the button beside what was written. */
export async function send(look) {
  await press(() => look()?.form.querySelector("button.send"));
}

/** A message on the page. */
export function message(ts) {
  return document.querySelector(`#pane-slack article[data-ts="${ts}"]`);
}

/** One of the buttons over a message, or the message while they do not show. */
export function over(ts, name) {
  const button = message(ts)?.querySelector(`.toolbar button[aria-label="${name}"]`);
  return button?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ? button : message(ts);
}

/** Open the thread of a message. */
export async function openThreadOf(name, ts) {
  if (placeOf(page.slack).name !== name) goTo(channel(page, name).id);
  await press(() => message(ts)?.querySelector('.toolbar button[aria-label="Reply in thread"]'));
}

/** The ts of the thread that is open in Slack. */
export function threadOnShow() {
  return ui().thread;
}

/** The control that leads to an issue on Jira's board, or what leads to the board. */
export function jiraCard(key) {
  return find("jira", ".card .title", new RegExp(`^${key} `)) ?? find("jira", "button", /Board|←/);
}

/** Show an issue in Jira by clicking. */
export async function openIssue(key) {
  const project = key.split("-")[0];
  if (!find("jira", ".card .title", new RegExp(`^${key} `))) {
    if (!find("jira", ".board")) await press(() => find("jira", "button", /Board|←/));
    await choose(() => find("jira", "select", "Project"), project);
  }
  await press(() => find("jira", ".card .title", new RegExp(`^${key} `)));
}

/** Whether an issue is on show in Jira. */
export function issueOnShow(key) {
  return Boolean(document.querySelector(`#pane-jira article[aria-label="${key}"]`));
}

/** Move the issue that is on show. */
export async function moveTo(key, status) {
  await until(() => issueOnShow(key));
  await choose(() => find("jira", "select", "Status"), status);
}

function field(name) {
  return find("slack", "textarea", `Message #${name}`);
}
