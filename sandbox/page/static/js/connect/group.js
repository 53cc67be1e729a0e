// One thing that arrived, with the calls that it led to; each row opens to what is known of it.

import { html, nothing, repeat } from "../lit.js";
import { act, set, state as page } from "../store.js";
import { opened } from "./opened.js";
import { SERVICES, event, sentence, status, thing } from "./words.js";

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
      ${row.error_message ? html`<small class=${row.status === "failed" ? "bad" : ""}>${row.error_message}</small>` : nothing}
    </span>
    ${chip("integrations", row)}<time>${row.status === "completed" ? took(row) : nothing}</time>
  `);
}

function folded(kind, row, head) {
  const id = `${kind}/${row.id}`;
  return html`
    <details class="row ${row.status}" @toggle=${(shown) => toggled(shown, kind, row)}>
      <summary>${head}</summary>
      ${page.ui.rows?.[id] ? opened(kind, row, page.ui.rows[id]) : nothing}
    </details>
  `;
}

async function toggled({ target }, kind, row) {
  const id = `${kind}/${row.id}`;
  if (!target.open) return;
  const found = await act("connect/row", { kind, id: row.id });
  if (found) set({ rows: { ...page.ui.rows, [id]: found } });
}

function chip(kind, row) {
  const words = status(kind, row);
  return html`<span class="chip ${words.replaceAll(" ", "-")}">${words}</span>`;
}

function waits(row) {
  if (row.sent_at) return "It was sent, and no answer came: connect looks whether it had its effect.";
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
