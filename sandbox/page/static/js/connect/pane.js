// The pane of connect: what arrived, what was done about it, and the switches that make trouble.

import { html } from "../lit.js";

export function connectPane({ connect }) {
  return html`
    <h2>connect ${connect.up ? "is up" : "is down"}</h2>
    ${connect.integrations.map((row) => html`<p>${row.operation} ${row.status}</p>`)}
  `;
}
