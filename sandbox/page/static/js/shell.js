// What is around the panes: the head with the tours and the theme, the separators, the tabs on a phone, the toasts.

import { html, repeat } from "./lit.js";
import { set } from "./store.js";
import { connectPane } from "./connect/pane.js";
import { githubPane } from "./github/pane.js";
import { jiraPane } from "./jira/pane.js";
import { slackPane } from "./slack/pane.js";

export const PANES = [
  { id: "slack", title: "Slack", draw: slackPane },
  { id: "jira", title: "Jira", draw: jiraPane },
  { id: "github", title: "GitHub", draw: githubPane },
  { id: "connect", title: "connect", draw: connectPane },
];

export function shell(state) {
  const shown = state.ui.pane ?? "slack";
  return html`
    <header class="head"><strong>connect</strong> <span>the sandbox</span></header>
    <main class="panes">
      ${PANES.map(
        ({ id, title, draw }) => html`
          <section class="pane ${id} ${id === shown ? "shown" : ""}" id="pane-${id}" aria-label=${title}>
            ${state[id] ? draw(state) : html`<p class="loading">Opening…</p>`}
          </section>
        `,
      )}
    </main>
    <nav class="tabs" aria-label="Panes">
      ${PANES.map(
        ({ id, title }) => html`
          <button aria-pressed=${id === shown} @click=${() => set({ pane: id })}>${title}</button>
        `,
      )}
    </nav>
    <div class="toasts" role="status">
      ${repeat(state.ui.toasts, (toast) => toast, (toast) => html`<p>${toast.text}</p>`)}
    </div>
  `;
}
