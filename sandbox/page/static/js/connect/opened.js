// A row as it is opened: its times, its marker, the request, and where to look at what came of it.

import { html, nothing } from "../lit.js";
import { state } from "../store.js";
import { lead, targetOf } from "./leading.js";
import { SERVICES } from "./words.js";

/** What is known of a row: `found` is the row whole, with the calls that carried its marker. */
export function opened(kind, row, found) {
  const target = kind === "integrations" ? targetOf(row, state) : null;
  return html`
    <div class="opened">
      ${target ? html`<button class="plain" @click=${() => lead(target, state)}>
        Show it in ${SERVICES[target.pane]}</button>` : nothing}
      <dl>${facts(kind, row, found.row).filter(([, value]) => value || value === 0).map(([name, value]) => html`
        <div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      ${found.calls.map((call) => html`
        <p class="call"><b>${call.method}</b> ${call.path}
          <small>${clock(call.at * 1000)}, ${call.operation}</small></p>
        <pre tabindex="0">${pretty(call.body)}</pre>`)}
      ${found.row.payload
        ? html`<p class="call">Planned from</p><pre tabindex="0">${pretty(found.row.payload)}</pre>` : nothing}
    </div>
  `;
}

function facts(kind, row, whole) {
  if (kind === "deliveries") {
    return [["arrived", clock(row.received_at)], ["settled", clock(row.updated_at)], ["its id", row.delivery_id],
      ["event", row.event], ["attempts", row.attempts], ["because", row.detail]];
  }
  return [["planned", clock(row.created_at)], ["sent", clock(row.sent_at)],
    ["settled", row.status === "pending" ? "" : clock(row.updated_at)], ["attempts", row.attempts],
    ["next try", row.status === "pending" ? clock(row.due_at) : ""], ["marker", whole.marker],
    ["about", row.target_id], ["its id there", row.remote_id], ["error", row.error_message]];
}

function clock(moment) {
  if (!moment) return "";
  const at = new Date(moment);
  return `${at.toLocaleTimeString([], { hour12: false })}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

function pretty(value) {
  try {
    return JSON.stringify(typeof value === "string" ? JSON.parse(value) : value, null, 1);
  } catch {
    return value;
  }
}
