// What can be done with a message: the buttons that appear over it, its menu, reactions, editing.

import { html, nothing, ref } from "../lit.js";
import { toast } from "../store.js";
import { agreed, doing, shortcut } from "./doing.js";
import { QUICK } from "./emoji.js";
import { look, me, openThread } from "./here.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { emoji } from "./text.js";
import { resolve, typedOf } from "./typed.js";

/** The buttons over a message. */
export function toolbar(slack, place, given, inThread) {
  const more = (event) => openMenu(event, "Message actions", items(slack, place, given, inThread));
  return html`<div class="toolbar" role="toolbar" aria-label="Message actions">
    <button type="button" aria-label="Add a reaction" title="Add a reaction"
      @click=${(event) => reactionsOffered(event, place, given)}>${icon("smile")}</button>
    ${inThread ? nothing : html`<button type="button" aria-label="Reply in thread" title="Reply in thread"
      @click=${() => openThread(place.id, given.thread_ts ?? given.ts)}>${icon("thread")}</button>`}
    <button type="button" aria-label="More actions" title="More actions" aria-haspopup="menu"
      @click=${more}>${icon("more")}</button>
  </div>`;
}

/** Offer emoji for a reaction. */
export function reactionsOffered(event, place, given) {
  openMenu(event, "Reactions", QUICK.map((name) => ({
    label: html`${emoji(name)} ${name.replaceAll("_", " ")}`,
    act: () => doing("react", { channel: place.id, message: given.ts, name }),
  })));
}

/** The field in which an own message is changed. */
export function editor(slack, place, given) {
  const end = () => look({ editing: "" });
  const save = (text) => {
    end();
    doing("edit", { channel: place.id, message: given.ts, text: resolve(text, slack) });
  };
  const pressed = (event) => {
    if (event.key === "Escape") end();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    save(event.target.value);
  };
  const sent = (event) => {
    event.preventDefault();
    save(event.target.elements.text.value);
  };
  return html`<form class="editor" @submit=${sent}>
    <textarea name="text" class="kit-input" rows="2" aria-label="Edit message"
      .defaultValue=${typedOf(given.text, slack)} @keydown=${pressed} ${ref((field) => field?.focus())}></textarea>
    <button type="button" class="kit-button" @click=${end}>Cancel</button>
    <button class="kit-button primary">Save</button>
  </form>`;
}

function items(slack, place, given, inThread) {
  const user = me(slack);
  const own = given.user === user.id;
  const outsider = user.role === "stranger";
  const offered = outsider ? [] : slack.shortcuts.filter((each) => each.type === "message");
  return [
    ...(inThread ? [] : [{ label: "Reply in thread", act: () => openThread(place.id, given.thread_ts ?? given.ts) }]),
    { label: "Copy link", act: () => copyLink(place, given) },
    ...(own ? [{ label: "Edit message", act: () => look({ editing: given.ts }) },
      { label: "Delete message…", danger: true, act: () => remove(place, given) }] : []),
    ...(offered.length ? ["connect"] : []),
    ...offered.map((each) => ({
      label: each.name, note: each.description, act: () => shortcut(each.callback_id, given, place),
    })),
  ];
}

async function copyLink(place, given) {
  const root = given.thread_ts && given.thread_ts !== given.ts ? `?thread_ts=${given.thread_ts}&cid=${place.id}` : "";
  const url = `https://sandbox.slack.com/archives/${place.id}/p${given.ts.replace(".", "")}${root}`;
  try {
    await navigator.clipboard.writeText(url);
    toast("The link to the message is copied. Paste it into another message to share it.");
  } catch {
    toast(`The browser does not let the page copy. The link is ${url}`);
  }
}

async function remove(place, given) {
  const sure = await agreed({
    title: { type: "plain_text", text: "Delete message" }, style: "danger",
    text: { type: "plain_text", text: "Are you sure you want to delete this message? This cannot be undone." },
    confirm: { type: "plain_text", text: "Delete" }, deny: { type: "plain_text", text: "Cancel" },
  });
  if (sure) doing("delete", { channel: place.id, message: given.ts });
}
