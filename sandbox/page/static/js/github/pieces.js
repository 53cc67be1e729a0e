// Pieces of the GitHub pane: icons of states, labels, forms for words.

import { html, nothing, svg } from "../lit.js";
import { focused, sendKey } from "../common.js";

const PATHS = {
  issue: svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" />
    <circle cx="8" cy="8" r="1.8" />`,
  closed: svg`<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" />
    <path d="M5 8.2l2.1 2.1L11 6.2" fill="none" stroke="currentColor" stroke-width="1.6" />`,
  pull: svg`<g fill="none" stroke="currentColor" stroke-width="1.5"><circle cx="4" cy="3.5" r="1.8" />
    <circle cx="4" cy="12.5" r="1.8" /><circle cx="12" cy="12.5" r="1.8" />
    <path d="M4 5.3v5.4M12 10.7V6a2 2 0 0 0-2-2H8" /></g>`,
  merged: svg`<g fill="none" stroke="currentColor" stroke-width="1.5"><circle cx="4" cy="3.5" r="1.8" />
    <circle cx="4" cy="12.5" r="1.8" /><circle cx="12" cy="8.5" r="1.8" />
    <path d="M4 5.3v5.4M4 5.5c1 2.4 3 3 6.2 3" /></g>`,
};

/** How a ticket stands: `open`, `draft`, `merged`, `closed` or `not planned`. */
export function standing(ticket) {
  if (ticket.state === "open") return ticket.pull?.draft ? "draft" : "open";
  if (ticket.state === "closed" && ["not_planned", "duplicate"].includes(ticket.reason)) return "not planned";
  return ticket.state;
}

/** The icon of a ticket's state. */
export function stateIcon(ticket) {
  const state = standing(ticket);
  const shape = ticket.pull ? (state === "merged" ? "merged" : "pull") : state === "open" ? "issue" : "closed";
  return html`<svg class="icon ${state.replace(" ", "-")}" viewBox="0 0 16 16" width="16" height="16" role="img"
    aria-label=${state}>${PATHS[shape]}</svg>`;
}

/** The state in words, on its colour. */
export function stateBadge(ticket) {
  const state = standing(ticket);
  return html`<span class="state ${state.replace(" ", "-")}">${stateIcon(ticket)}
    ${state[0].toUpperCase()}${state.slice(1)}</span>`;
}

/** A label in its colour. */
export function label(name, labels) {
  const color = labels.find((each) => each.name === name)?.color ?? "ededed";
  return html`<span class="gh-label"><i style="background:#${color}"></i>${name}</span>`;
}

/** How a run, a check or a deployment ended, as a sign with words. */
export function outcome(state) {
  const signs = { success: "✓", failure: "✗", error: "✗", cancelled: "⊘", inactive: "⊘" };
  const sign = signs[state] ?? "●";
  return html`<span class="outcome ${state.replace("_", "-")}"><b aria-hidden="true">${sign}</b>
    ${state.replaceAll("_", " ")}</span>`;
}

/** A form of a title and a text, as issues, discussions and pull requests are opened with. */
export function openingForm({ name, send, cancel, extra = nothing, button }) {
  return html`
    <form class="form" aria-label=${name} @submit=${send} @keydown=${(event) => event.key === "Escape" && cancel()}>
      <h2>${name}</h2>
      ${extra}
      <label>Title <input name="title" required maxlength="256" ${focused} /></label>
      <label>Description
        <textarea name="body" rows="5" placeholder="Markdown works here" @keydown=${sendKey}></textarea></label>
      <div class="buttons"><button class="primary">${button}</button>
        <button type="button" @click=${cancel}>Cancel</button></div>
    </form>
  `;
}
