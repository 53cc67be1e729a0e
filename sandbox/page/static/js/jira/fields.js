// The fields beside an issue: each is changed where it stands.

import { html, keyed, live, nothing } from "../lit.js";
import { ago, current, sent } from "../common.js";
import { jiraAct } from "./view.js";

export function fields(issue, jira) {
  const status = jira.statuses.find((each) => each.name === issue.status);
  const change = (name) => (event) => jiraAct("edit", { key: issue.key, [name]: event.target.value });
  return html`
    <aside class="fields" aria-label="Fields of ${issue.key}">
      ${row("Status", html`
        <select class="status ${status.category}" aria-label="Status"
          @change=${(event) => transition(issue, event.target)}>${current([issue.status, ...status.next], issue.status)}
        </select>`)}
      ${issue.resolution ? row("Resolution", issue.resolution) : nothing}
      ${row("Assignee", html`
        <select aria-label="Assignee" @change=${change("assignee")}>
          ${current([["", "Nobody"], ...people(jira, issue.assignee)], issue.assignee)}</select>`)}
      ${row("Priority", html`
        <select aria-label="Priority" @change=${change("priority")}>
          ${current(jira.priorities, issue.priority)}</select>`)}
      ${row("Labels", html`
        <form @submit=${(event) => jiraAct("edit", { key: issue.key, ...sent(event) })}>
          ${keyed(issue.labels.join(" "), html`
            <input name="labels" aria-label="Labels, with spaces between" placeholder="None"
              value=${issue.labels.join(" ")} @blur=${(event) => relabel(issue, event.target)} />`)}
        </form>`)}
      ${row("Due date", html`
        <input type="date" aria-label="Due date" .value=${live(issue.due)} @change=${change("due")} />`)}
      ${row("Reporter", issue.reporter)}
      ${issue.parent ? row("Parent", issue.parent) : nothing}
      ${issue.spent ? row("Time spent", `${Math.round(issue.spent / 60)} minutes`) : nothing}
      ${issue.watchers.length ? row("Watched by", issue.watchers.join(", ")) : nothing}
      ${row("Created", ago(issue.created))}
      ${row("Updated", ago(issue.updated))}
    </aside>
  `;
}

function row(name, shown) {
  return html`<div class="field"><span class="name" aria-hidden="true">${name}</span> <span>${shown}</span></div>`;
}

function people(jira, assignee) {
  return [...new Set([...jira.people, assignee].filter(Boolean))];
}

function relabel(issue, input) {
  if (input.value.trim() !== issue.labels.join(" ")) jiraAct("edit", { key: issue.key, labels: input.value });
}

async function transition(issue, select) {
  const done = await jiraAct("transition", { key: issue.key, status: select.value });
  if (done === undefined) select.value = issue.status;
}
