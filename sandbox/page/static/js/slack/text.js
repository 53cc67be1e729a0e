// mrkdwn nodes and the inline elements of rich text, drawn.

import { html, nothing } from "../lit.js";
import { formatDate } from "./dates.js";
import { EMOJI } from "./emoji.js";
import { channel, goTo, me, openThread, person } from "./here.js";
import { parse, parsePlain } from "./mrkdwn.js";

const PERMALINK = /^https:\/\/sandbox\.slack\.com\/archives\/(\w+)\/p(\d{10})(\d{6})(?:\?thread_ts=([\d.]+))?/;

/** A text object, or mrkdwn as a string. */
export function words(text, slack) {
  if (!text) return nothing;
  if (typeof text === "string") return nodes(parse(text), slack);
  return nodes(text.type === "plain_text" ? parsePlain(text.text) : parse(text.text), slack);
}

/** An emoji by its name. */
export function emoji(name) {
  const plain = name.replace(/::skin-tone-\d$/, "");
  if (!EMOJI[plain]) return html`<span class="text">:${name}:</span>`;
  const label = plain.replaceAll("_", " ");
  return html`<span class="emoji" role="img" aria-label=${label} title=":${name}:">${EMOJI[plain]}</span>`;
}

/** A link; one to a message leads there. */
export function anchor(url, label) {
  return html`<a href=${url} target="_blank" rel="noopener" @click=${(event) => follow(event, url)}>${label}</a>`;
}

/** Somebody's name as a mention. */
export function mention(slack, id) {
  const who = person(slack, id);
  return html`<span class="mention ${me(slack).id === id ? "mine" : ""}">@${who.name}</span>`;
}

/** A channel's name as a link to it. */
export function channelLink(slack, id, label = "") {
  const place = channel(slack, id);
  const user = me(slack);
  const hidden = !place || (place.kind === "group" && !place.members.includes(user.id));
  if (hidden) return html`<span class="mention">${place ? "a private channel" : `#${label || id}`}</span>`;
  return html`<button type="button" class="mention" @click=${() => goTo(id)}>#${place.name}</button>`;
}

/** A time in the reader's own zone. */
export function date(at, format, url = "", fallback = "") {
  const shown = formatDate(at, format) || fallback;
  if (url) return anchor(url, shown);
  return html`<time title=${fallback}>${shown}</time>`;
}

/** An element of rich text inside a line. */
export function inline(element, slack) {
  const drawn = {
    text: () => element.text,
    link: () => anchor(element.url, element.text || element.url),
    user: () => mention(slack, element.user_id),
    usergroup: () => html`<span class="mention">@${element.usergroup_id}</span>`,
    channel: () => channelLink(slack, element.channel_id),
    emoji: () => emoji(element.name),
    broadcast: () => html`<span class="mention mine">@${element.range}</span>`,
    date: () => date(element.timestamp, element.format ?? "{date_pretty}", element.url, element.fallback),
    color: () => html`<span class="swatch" style="background:${element.value}"></span>${element.value}`,
  }[element.type]?.() ?? nothing;
  return styled(drawn, element.style ?? {});
}

function styled(drawn, { bold, italic, strike, code, underline }) {
  let shown = drawn;
  if (code) shown = html`<code>${shown}</code>`;
  if (underline) shown = html`<u>${shown}</u>`;
  if (strike) shown = html`<s>${shown}</s>`;
  if (italic) shown = html`<em>${shown}</em>`;
  return bold ? html`<strong>${shown}</strong>` : shown;
}

const DRAWN = {
  text: (node) => node.value,
  break: () => html`<br />`,
  bold: (node, slack) => html`<strong>${nodes(node.children, slack)}</strong>`,
  italic: (node, slack) => html`<em>${nodes(node.children, slack)}</em>`,
  strike: (node, slack) => html`<s>${nodes(node.children, slack)}</s>`,
  quote: (node, slack) => html`<blockquote>${nodes(node.children, slack)}</blockquote>`,
  code: (node) => html`<code>${node.value}</code>`,
  pre: (node) => html`<pre>${node.value}</pre>`,
  link: (node, slack) => anchor(node.url, nodes(node.children, slack)),
  user: (node, slack) => mention(slack, node.id),
  channel: (node, slack) => channelLink(slack, node.id, node.label),
  usergroup: (node) => html`<span class="mention">@${node.label || node.id}</span>`,
  broadcast: (node) => html`<span class="mention mine">@${node.range}</span>`,
  date: (node) => date(node.at, node.format, node.url, node.fallback),
  emoji: (node) => emoji(node.name),
};

function nodes(list, slack) {
  return list.map((node) => DRAWN[node.type](node, slack));
}

function follow(event, url) {
  const found = PERMALINK.exec(url);
  if (!found) return;
  event.preventDefault();
  const [, place, seconds, micros, thread] = found;
  openThread(place, thread ?? `${seconds}.${micros}`);
}
