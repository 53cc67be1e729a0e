// The Jira pane: its head, and below it the board, an issue or a form.

import { html } from "../lit.js";
import { current } from "../common.js";
import { followLink } from "../links.js";
import { board } from "./board.js";
import { createForm, planForms } from "./forms.js";
import { issuePage } from "./issue.js";
import { jiraView, showJira } from "./view.js";

const VIEWS = { board, issue: issuePage, create: createForm, plan: planForms };

export function jiraPane(state) {
  const view = jiraView();
  return html`
    <div class="desk jira-page" @click=${(event) => followLink(event, state)}>
      ${head(state.jira, view)}
      ${VIEWS[view.view](state, view)}
    </div>
  `;
}

function head(jira, view) {
  const projects = jira.projects.map((each) => [each.key, `${each.name} (${each.key})`]);
  return html`
    <header class="jira-head">
      <select aria-label="Project" @change=${(event) => showJira({ view: "board", project: event.target.value })}>
        ${current(projects, view.project)}
      </select>
      <button class="primary" @click=${() => showJira({ view: "create" })}>Create</button>
      <button aria-pressed=${view.view === "plan"} title="Releases and sprints"
        @click=${() => showJira({ view: view.view === "plan" ? "board" : "plan" })}>Plan</button>
      <label class="me">You are
        <select aria-label="Who you are in Jira" @change=${(event) => showJira({ me: event.target.value })}>
          ${current(jira.people, view.me)}
        </select>
      </label>
    </header>
  `;
}
