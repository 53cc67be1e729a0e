// The forms of the Jira pane: a new issue; releases and sprints of a project.

import { html, keyed, nothing } from "../lit.js";
import { focused, options, sending, sent } from "../common.js";
import { jiraAct, showJira } from "./view.js";

const VERSIONS = ["created", "released", "unreleased", "deleted"];
const SPRINTS = ["started", "closed"];

export function createForm({ jira }, view) {
  const project = jira.projects.find((each) => each.key === view.project);
  const kinds = project.types.filter((kind) => !kind.subtask).map((kind) => kind.name);
  return keyed(project.key, html`
    <form class="form" aria-label="Create issue" @submit=${(event) => created(project, sent(event))}
      @keydown=${(event) => event.key === "Escape" && showJira({ view: "board" })}>
      <h2>Create issue in ${project.name}</h2>
      <label>Type <select name="type">${options(kinds)}</select></label>
      <label>Summary <input name="summary" required maxlength="255" ${focused} /></label>
      <label>Description <textarea name="description" rows="5"></textarea></label>
      <label>Assignee <select name="assignee">${options([["", "Nobody"], ...jira.people], "")}</select></label>
      <label>Priority <select name="priority">${options(jira.priorities, "Medium")}</select></label>
      <label>Labels <input name="labels" placeholder="with spaces between" /></label>
      <label>Due date <input name="due" type="date" /></label>
      ${Object.entries(project.required).map(([name, title]) => html`
        <label>${title} <input name=${name} required /></label>`)}
      <div class="buttons"><button class="primary">Create</button>
        <button type="button" @click=${() => showJira({ view: "board" })}>Cancel</button></div>
    </form>
  `);
}

async function created(project, given) {
  const key = await jiraAct("create", { project: project.key, ...given });
  if (key) showJira({ view: "issue", key });
}

export function planForms({ jira }, view) {
  const project = jira.projects.find((each) => each.key === view.project);
  return html`
    ${planForm(project, "version", "Release a version", VERSIONS, "released")}
    ${happened("Versions", project.versions)}
    ${planForm(project, "sprint", "Start a sprint", SPRINTS, "started")}
    ${happened("Sprints", project.sprints)}
  `;
}

function planForm(project, what, title, deeds, usual) {
  return html`
    <form class="form" aria-label=${title}
      @submit=${sending((given) => jiraAct(what, { project: project.key, ...given }))}>
      <h2>${title} of ${project.name}</h2>
      <label>Name <input name="name" required placeholder=${what === "version" ? "1.4" : "Sprint 7"} /></label>
      ${what === "sprint" ? html`<label>Goal <input name="goal" /></label>` : nothing}
      <label>It is <select name="did">${options(deeds, usual)}</select></label>
      <div class="buttons"><button class="primary">Save</button></div>
    </form>
  `;
}

function happened(title, done) {
  if (!Object.keys(done).length) return nothing;
  return html`<ul class="happened" aria-label=${title}>
    ${Object.entries(done).map(([name, did]) => html`
      <li><strong>${name}</strong> <span class="lozenge">${did}</span></li>`)}
  </ul>`;
}
