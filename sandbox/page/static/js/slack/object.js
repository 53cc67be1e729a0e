// Work Objects: the card under a message, and the panel with all of one, which connect fills.

import { html, nothing } from "../lit.js";
import { momentOf } from "./dates.js";
import { doing } from "./doing.js";
import { look, person, ui } from "./here.js";
import { anchor, date, words } from "./text.js";

const CARD = ["status", "assignee", "priority", "due_date"];
const ERRORS = {
  restricted: "You may not see this.", not_found: "This is not there any more.", timeout: "This takes too long.",
  internal_error: "Something went wrong.",
};

/** The card of a Work Object under a message. */
export function card(slack, place, given, entity) {
  const { attributes } = entity.entity_payload;
  return html`<div class="attachment object">
    <p class="kind">${attributes.product_name ?? "connect"} · ${attributes.display_type ?? "Task"}
      ${attributes.display_id ? html`<span>${attributes.display_id}</span>` : nothing}</p>
    <p>${anchor(entity.url, html`<strong>${attributes.title.text}</strong>`)}</p>
    <dl>${facts(slack, entity).filter(([key]) => CARD.includes(key)).map(fact)}</dl>
    <button type="button" class="kit-button" @click=${() => open(place, given)}>View details</button>
  </div>`;
}

/** The panel beside the channel. */
export function objectPanel(slack) {
  const { trigger, comments, place, message } = ui().object;
  const panel = slack.panels[trigger] ?? {};
  const discussed = slack.panels[comments];
  const { entity } = panel;
  return html`<aside class="panel" aria-label="Details">
    <header><h2>${entity?.entity_payload.attributes.display_id ?? "Details"}</h2>
      <button type="button" class="close" aria-label="Close details"
        @click=${() => look({ object: null })}>×</button></header>
    <div class="scroll"><div class="inside">
      ${panel.error ? trouble(slack, panel.error)
        : entity ? details(slack, entity) : html`<p class="loading">Asking connect…</p>`}
      ${entity && !comments ? html`<button type="button" class="kit-button" @click=${() => discuss(place, message)}>
        Show comments</button>` : nothing}
      ${comments ? commentsOf(slack, discussed) : nothing}
    </div></div>
  </aside>`;
}

function details(slack, entity) {
  const { attributes } = entity.entity_payload;
  return html`<p class="kind">${attributes.product_name ?? "connect"} · ${attributes.display_type ?? "Task"}</p>
    <h3>${anchor(entity.url, attributes.title.text)}</h3>
    <dl>${facts(slack, entity).map(fact)}</dl>`;
}

function trouble(slack, error) {
  return html`<div role="alert" class="trouble"><p><strong>${error.custom_title ?? ""}</strong></p>
    <p>${words(error.custom_message ?? ERRORS[error.status] ?? "Something went wrong.", slack)}</p>
    ${(error.actions ?? []).map((each) => html`<p>${each.url ? anchor(each.url, each.text) : each.text}</p>`)}</div>`;
}

function commentsOf(slack, panel) {
  if (panel?.error) return trouble(slack, panel.error);
  if (!panel?.comments) return html`<p class="loading">Asking connect for the comments…</p>`;
  if (!panel.comments.length) return html`<p class="note">There are no comments yet.</p>`;
  return html`<h3>Comments</h3>${panel.comments.map((each) => html`<article class="s-comment">
    <p class="who"><strong>${each.sender.text ?? person(slack, each.sender.user_id).name}</strong>
      <time>${momentOf(each.timestamp)}</time></p>
    <p class="text">${each.comment.value}</p></article>`)}
    ${panel.cursor ? html`<p class="note">There are more; they stand in the service itself.</p>` : nothing}`;
}

async function open(place, given) {
  look({ object: { trigger: "", comments: "", place, message: given }, thread: "" });
  const trigger = await doing("object", { channel: place.id, message: given.ts });
  if (trigger && ui().object) look({ object: { ...ui().object, trigger } });
}

async function discuss(place, given) {
  const comments = await doing("object", { channel: place.id, message: given.ts, comments: true });
  if (comments && ui().object) look({ object: { ...ui().object, comments } });
}

function facts(slack, entity) {
  const { fields = {}, custom_fields: custom = [] } = entity.entity_payload;
  const own = Object.entries(fields).map(([key, field]) => [key, field.label ?? label(key), shown(slack, field, key)]);
  return [...own, ...custom.map((field) => [field.key, field.label, shown(slack, field, field.key)])];
}

function fact([, name, value]) {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function label(key) {
  const text = key.replaceAll("_", " ");
  return text[0].toUpperCase() + text.slice(1);
}

function shown(slack, field, key) {
  if (field.user) return field.user.text ?? person(slack, field.user.user_id).name;
  if (key.startsWith("date_") && Number(field.value)) return date(Number(field.value), "{date_short_pretty} at {time}");
  if (field.tag_color) return html`<span class="tag ${field.tag_color}">${field.value}</span>`;
  if (field.link || /^https?:/.test(String(field.value))) return anchor(field.link ?? field.value, field.value);
  return String(field.value ?? "");
}
