// One thing that arrived, with the calls that it led to; each row opens to what is known of it.

import { html, nothing, repeat } from "../lit.js";
import { act, set, state as page } from "../store.js";
import { opened } from "./opened.js";
import { SERVICES, event, sentence, status, thing } from "./words.js";

const reading = new Set();

/** A delivery and its integrations. */
export function drawGroup({ delivery, integrations, at }, state) {
  const first = delivery ?? integrations[0];
  const about = integrations.map(thing).find((each) => /[-#]\d/.test(each));
  return html`
    <article class="group" aria-label="${SERVICES[first.service ?? first.source_service]}: ${event(first)}">
      ${delivery ? folded("deliveries", delivery, html`
        <span class="dot ${first.service}" aria-hidden="true"></span>
        <span class="what"><b>${SERVICES[first.service]}</b>: ${event(first)}${about ? html` <i>${about}</i>` : nothing}
          ${delivery.status === "ignored" ? html`<small>${delivery.detail}</small>` : nothing}</span>
        ${chip("deliveries", delivery)}<time>${clock(at)}</time>
      `) : html`<p class="head-line"><span class="what"><b>${SERVICES[first.source_service]}</b>: ${event(first)}</span>
        <time>${clock(at)}</time></p>`}
      <ul>${repeat(integrations, (row) => row.id, (row) => html`<li>${drawIntegration(row, state)}</li>`)}</ul>
    </article>
  `;
}

function drawIntegration(row, state) {
  return folded("integrations", row, html`
    <span class="dot ${row.target_service}" aria-hidden="true"></span>
    <span class="what"><b>${SERVICES[row.target_service]}</b>: ${sentence(row, state)}
      ${row.status === "pending" ? html`<small>${waits(row)}</small>` : nothing}
      ${row.error_message ? html`<small class=${row.status}>${row.error_message}</small>` : nothing}
    </span>
    ${chip("integrations", row)}<time>${row.status === "completed" ? took(row) : nothing}</time>
  `);
}

function folded(kind, row, head) {
  const found = page.ui.rows?.[`${kind}/${row.id}`];
  if (found && found.row.updated_at !== row.updated_at) read(kind, row);
  return html`
    <details class="row ${row.status}" @toggle=${({ target }) => target.open && read(kind, row)}>
      <summary>${head}</summary>
      ${found ? opened(kind, row, found) : nothing}
    </details>
  `;
}

async function read(kind, row) {
  const id = `${kind}/${row.id}`;
  if (reading.has(id) || !page.connect.up) return;
  reading.add(id);
  const found = await act("connect/row", { kind, id: row.id });
  reading.delete(id);
  if (found) set({ rows: { ...page.ui.rows, [id]: found } });
}

function chip(kind, row) {
  const words = status(kind, row);
  return html`<span class="chip ${words.replaceAll(" ", "-")}">${words}</span>`;
}

function waits(row) {
  if (row.sent_at && row.error_message) return "No answer came: connect looks whether the call had its effect.";
  return row.due_at && new Date(row.due_at) > new Date() ? `It waits until ${clock(row.due_at)}.` : "";
}

function took({ sent_at: sent, updated_at: settled }) {
  if (!sent || !settled) return "";
  const spent = new Date(settled) - new Date(sent);
  return spent < 10_000 ? `${spent} ms` : `${Math.round(spent / 1000)} s`;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString([], { hour12: false });
}
