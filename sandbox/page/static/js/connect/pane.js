// The pane of connect: what arrived, what was done about it, and the switches that make trouble.

import { html, nothing, repeat } from "../lit.js";
import { act, set } from "../store.js";
import { drawGroup } from "./group.js";
import { FILTERS, grouped, shownIn } from "./grouped.js";
import { drawTrouble } from "./trouble.js";
import { SERVICES } from "./words.js";

export function connectPane(state) {
  const { connect } = state;
  const filter = state.ui.connectFilter ?? "active";
  const groups = grouped(connect).filter((group) => shownIn(filter, group));
  return html`
    <div class="connect-page ${connect.up ? "" : "away"}">
      ${running(connect, state)} ${summary(connect)} ${drawTrouble(state)}
      <div class="filters" role="group" aria-label="Which rows">
        ${Object.entries(FILTERS).map(([id, words]) => html`
          <button aria-pressed=${id === filter} @click=${() => set({ connectFilter: id })}>${words}</button>
        `)}
      </div>
      <ol class="groups" aria-label="What connect did">
        ${repeat(groups, (group) => group.key, (group) => html`<li>${drawGroup(group, state)}</li>`)}
      </ol>
      ${groups.length ? nothing
        : html`<p class="empty">Nothing yet. Say something in Slack, or move an issue in Jira.</p>`}
      ${terminal(connect)}
    </div>
  `;
}

function running(connect, state) {
  const words = { up: "is running", starting: "is starting…", down: "is not running" }[connect.state];
  return html`
    <div class="running">
      <p class="light ${connect.state}" role="status"><strong>connect ${words}</strong></p>
      ${connect.state === "down"
        ? html`<button class="plain good" ?disabled=${state.ui.starting} @click=${start}>Start connect</button>`
        : html`<button class="plain bad" ?disabled=${connect.state !== "up"} @click=${() => act("trouble/kill")}>
            Kill connect now</button>`}
      ${connect.state === "down" ? html`<p class="waits">${waits(connect.webhooks.missing)}</p>` : nothing}
      ${connect.paused.map((each) => html`
        <p class="waits">${SERVICES[each.service] ?? each.service} ${each.why}:
          it is left alone until ${clock(each.until)}.</p>
      `)}
    </div>
  `;
}

async function start() {
  set({ starting: true });
  await act("trouble/start");
  set({ starting: false });
}

function waits(missing) {
  const count = Object.values(missing).reduce((sum, each) => sum + each, 0);
  const wait = { 0: "No webhook waits yet", 1: "1 webhook waits" }[count] ?? `${count} webhooks wait`;
  return `${wait}: Slack and Jira send them again, and GitHub's are fetched by connect itself after the start.`;
}

function clock(moment) {
  return new Date(moment).toLocaleTimeString([], { hour12: false });
}

function summary({ totals, webhooks, made }) {
  const repeats = webhooks.repeats ? ` · repeats answered: ${webhooks.repeats}` : "";
  return html`
    <p class="summary">
      accepted ${totals.accepted ?? 0} · waiting ${totals.waiting ?? 0} · done ${totals.done ?? 0} ·
      <span class=${totals.failed ? "bad" : ""}>failed ${totals.failed ?? 0}</span>
    </p>
    <p class="tally" role="group" aria-label="Tally">
      webhooks sent ${webhooks.sent} · taken ${webhooks.taken}${repeats}<br />
      ${Object.entries(made).map(([name, { twice }], at) => html`${at ? " · " : ""}<span
        class=${twice ? "bad" : "good"}>${name} made twice: ${twice}</span>`)}
    </p>
  `;
}

function terminal({ offers }) {
  return html`
    <details class="terminal">
      <summary>Try from a terminal</summary>
      ${offers.map(({ title, command }) => html`<p>${title}</p><pre tabindex="0">${command}</pre>`)}
    </details>
  `;
}
