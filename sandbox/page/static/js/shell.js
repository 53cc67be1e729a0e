// What is around the panes: the head with the tours and the theme, the separators, the tabs on a phone, the toasts.

import { html, nothing, repeat } from "./lit.js";
import { act, set, toast } from "./store.js";
import { connectPane } from "./connect/pane.js";
import { githubPane } from "./github/pane.js";
import { jiraPane } from "./jira/pane.js";
import { slackPane } from "./slack/pane.js";
import { isNew, seen } from "./news.js";
import { nextTheme, theme } from "./theme.js";
import { tourStrip, toursMenu } from "./tour.js";
import { separator, widthOf } from "./widths.js";

export const PANES = [
  { id: "slack", title: "Slack", draw: slackPane },
  { id: "jira", title: "Jira", draw: jiraPane },
  { id: "github", title: "GitHub", draw: githubPane },
  { id: "connect", title: "connect", draw: connectPane },
];

/** The whole page. */
export function shell(state) {
  const shown = state.ui.pane ?? "slack";
  seen(state, shown);
  return html`
    ${head(state)}
    <main class="panes ${state.ui.alone ? "alone" : ""}">
      ${PANES.map((pane, at) => html`
        ${at ? separator(PANES[at - 1], pane) : nothing} ${paneOf(pane, shown, state)}
      `)}
    </main>
    ${tourStrip()}
    <nav class="tabs" aria-label="Panes">${PANES.map((pane) => tab(pane, shown, state))}</nav>
    <div class="toasts" role="status">
      ${repeat(state.ui.toasts, (toast) => toast, (toast) => html`<p>${toast.text}</p>`)}
    </div>
  `;
}

function head(state) {
  return html`
    <header class="head">
      <h1><img src="/static/icon.svg" alt="" width="20" height="20" /> connect <span>the sandbox</span></h1>
      ${state.live || !state.slack ? nothing : html`<p class="lost" role="alert">
        The sandbox does not answer. Is <code>make demo</code> still running?</p>`}
      <div class="tools">
        ${state.slack && state.connect && state.trouble ? toursMenu() : nothing}
        <button aria-label="Theme: ${theme()}" title="Change between light, dark and what the system says"
          @click=${nextTheme}><span class="wide">Theme: </span>${theme()}</button>
        <button title="Forget everything that was done here" ?disabled=${state.ui.afresh} @click=${afresh}>
          ${state.ui.afresh ? "Starting…" : "Start afresh"}
        </button>
      </div>
    </header>
  `;
}

function paneOf({ id, title, draw }, shown, state) {
  const alone = state.ui.alone === id;
  const words = alone ? `Show all panes` : `Show only ${title}`;
  return html`
    <section class="pane ${id} ${id === shown ? "shown" : ""} ${alone ? "large" : ""}" id="pane-${id}"
      aria-label=${title} style="flex-grow: ${widthOf(id)}">
      <div class="bar">
        <h2>${title}</h2>
        <button class="size" aria-label=${words} title=${words} aria-pressed=${alone}
          @click=${() => set({ alone: alone ? "" : id, pane: id })}>${alone ? "⤡" : "⤢"}</button>
      </div>
      <div class="inside">${state[id] ? draw(state) : html`<p class="loading">Opening…</p>`}</div>
    </section>
  `;
}

function tab({ id, title }, shown, state) {
  const marked = isNew(id);
  return html`
    <button aria-pressed=${id === shown} @click=${() => set({ pane: id, alone: state.ui.alone ? id : "" })}>
      ${title}${marked ? html`<span class="mark" role="img" aria-label="something new">●</span>` : nothing}
    </button>
  `;
}

async function afresh() {
  set({ afresh: true });
  const done = await act("page/afresh");
  set({ afresh: false });
  if (done !== undefined) toast("Everything is as it was at the start.");
}
