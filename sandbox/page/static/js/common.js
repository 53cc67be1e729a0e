// Small things that the panes of Jira and GitHub share.

import { html, live, ref, svg } from "./lit.js";

const TINTS = 8;

/** Initials in a circle; the same name always has the same tint. */
export function avatar(name, label = name) {
  const words = name.split(/[\s-]+/).filter(Boolean);
  const initials = words.length > 1 ? words[0][0] + words.at(-1)[0] : name.slice(0, 2);
  const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % TINTS;
  return html`<span class="avatar tint-${tint}" role="img" aria-label=${label} title=${label}
    >${initials.toUpperCase()}</span>`;
}

const SHAPES = {
  file: svg`<path d="M11 4.5 5.6 9.9a1.6 1.6 0 0 0 2.3 2.3l5-5a3 3 0 0 0-4.3-4.3l-5 5a4.4 4.4 0 0 0 6.3 6.3
    l4.2-4.2" />`,
  lock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1" /><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />`,
};

/** A small drawing beside words, which say it all. */
export function sign(shape) {
  return html`<svg class="sign" viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor"
    stroke-width="1.4" aria-hidden="true">${SHAPES[shape]}</svg>`;
}

/** When it was, in a few words; the whole date is in the tooltip. */
export function ago(seconds) {
  const date = new Date(seconds * 1000);
  return html`<time datetime=${date.toISOString()} title=${date.toLocaleString()}>${since(seconds)}</time>`;
}

function since(seconds) {
  const minutes = Math.floor((Date.now() / 1000 - seconds) / 60);
  if (minutes < 1) return "just now";
  if (minutes < 60) return minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return hours === 1 ? "an hour ago" : `${hours} hours ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? "yesterday" : `${days} days ago`;
}

/** Options of a form's select, of which the visitor chooses; each is a word, or a pair of value and words. */
export function options(choices, chosen) {
  return pairs(choices).map(([value, words]) => html`
    <option value=${value} ?selected=${value === chosen}>${words}</option>`);
}

/** Options of a select that shows what is so: whatever was chosen in it, it is right after every redraw. */
export function current(choices, chosen) {
  return pairs(choices).map(([value, words]) => html`
    <option value=${value} .selected=${live(value === chosen)}>${words}</option>`);
}

function pairs(choices) {
  return choices.map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
}

/** What a form holds, when it is sent; a checkbox is true or absent. */
export function sent(event) {
  event.preventDefault();
  const given = {};
  for (const [name, value] of new FormData(event.target)) given[name] = value === "on" ? true : value;
  return given;
}

/** A form that empties itself when what it asked for was done. */
export function sending(send) {
  return async (event) => {
    const form = event.target;
    if ((await send(sent(event))) !== undefined) form.reset();
  };
}

/** Enter with Ctrl or ⌘ sends the form that the key was pressed in. */
export function sendKey(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
}

/** Where the visitor types next, as soon as it is there. */
export const focused = ref((element) => element && queueMicrotask(() => element.focus()));
