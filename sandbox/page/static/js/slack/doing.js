// What the visitor does in Slack, with what Slack shows while connect is asked, and when it does not answer.

import { act, changed, state, toast } from "../store.js";
import { goTo, look, me, slackbot, ui } from "./here.js";
import { FIELDS, forget, missingIn, valuesFor } from "./values.js";

const SILENT = ["operation_timeout", "dispatch_failed"];

/** Do something as whom the visitor is; `key` is what waits for it. */
export async function doing(name, given, key = "") {
  const slack = ui();
  if (key) {
    slack.waiting[key] = true;
    delete slack.failed[key];
    changed();
  }
  const result = await act(`slack/${name}`, { user: me(state.slack).id, ...given });
  if (key) delete slack.waiting[key];
  changed();
  return result;
}

/** Use a slash command. */
export async function command(place, name, text, thread = "") {
  const user = me(state.slack).id;
  const result = await doing("command", { channel: place.id, command: name, text });
  if (!result?.trouble) return;
  slackbot(user, place.id, `\`${name}\` failed with the error "${result.trouble}"`, thread);
}

/** Choose a shortcut from a message's menu, or (without a message) from the composer's. */
export async function shortcut(id, message = null, place = null) {
  look({ menu: null, waitingFor: "shortcut" });
  const result = message
    ? await doing("message-shortcut", { channel: place.id, message: message.ts, shortcut: id })
    : await doing("global-shortcut", { shortcut: id });
  look({ waitingFor: "" });
  if (result?.trouble) toast(silence(result.trouble));
}

/** Use a button or menu: `chosen` is the new state of a menu, `value` tells buttons and overflow choices apart. */
export async function use(element, block, where, { value = element.value, chosen = null } = {}) {
  if (element.confirm && !(await agreed(element.confirm))) return false;
  const key = `${where.key}/${block.block_id}/${element.action_id}`;
  const asked = { action: element.action_id, block: block.block_id };
  const given = { ...asked, ...(value === undefined ? {} : { value }), ...(chosen ? { chosen } : {}) };
  if (where.view) Object.assign(given, { view: where.view.id, values: valuesFor(where.view) });
  else given.message = where.message.ts;
  const result = await doing("click", given, key);
  if (result?.trouble) ui().failed[key] = silence(result.trouble);
  changed();
  return true;
}

/** The state of a menu in which this is chosen. */
export function chosenState(element, value) {
  return { type: element.type, [FIELDS[element.type]]: value };
}

/** What an element for which the app looks options up offers for these letters. */
export function lookUp(element, where, query) {
  const given = { view: where.view.id, action: element.action_id, query, values: valuesFor(where.view) };
  return doing("options", given);
}

/** Send a window off. */
export async function submit(view) {
  const missing = missingIn(view);
  ui().failed[`missing/${view.id}`] = missing;
  changed();
  if (missing.length) return;
  const result = await doing("submit", { view: view.id, values: valuesFor(view) }, view.id);
  if (result?.trouble) ui().failed[view.id] = silence(result.trouble, "We had some trouble connecting. Try again?");
  changed();
}

/** Close a window without sending it. */
export async function close(view) {
  forget(view.id);
  await doing("close", { view: view.id });
}

/** Open connect's home. */
export function openHome() {
  goTo("home");
  doing("home", { tab: "home" });
}

/** Open the messages with connect. */
export function openMessages() {
  goTo("messages");
  doing("home", { tab: "messages" });
}

/** Ask as Slack asks before something that cannot be undone. */
export function agreed(confirm) {
  return new Promise((resolve) => {
    look({ dialog: { confirm, answer: (yes) => { look({ dialog: null }); resolve(yes); } } });
  });
}

function silence(trouble, sentence = "connect did not respond. Try again?") {
  return SILENT.includes(trouble) ? sentence : `Slack refused connect's answer: ${trouble}`;
}
