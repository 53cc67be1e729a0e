// The board: a column for each status. Cards are dragged, or moved by the select on each of them.

import { html, live, nothing, repeat } from "../lit.js";
import { avatar } from "../common.js";
import { jiraAct, jiraView, showJira } from "./view.js";

const PRIORITIES = { Highest: "⇈", High: "↑", Medium: "=", Low: "↓", Lowest: "⇊" };
const TYPES = { Task: "✓", Bug: "●", Story: "▮", "Sub-task": "↳" };

export function board({ jira }, view) {
  const issues = jira.issues.filter((issue) => issue.project === view.project);
  const dragged = issues.find((issue) => issue.key === view.dragged);
  const from = dragged && jira.statuses.find((status) => status.name === dragged.status);
  return html`
    <div class="board" role="group" aria-label="Board of ${view.project}">
      ${jira.statuses.map((status) => column(status, issues, jira, from))}
    </div>
  `;
}

function column(status, issues, jira, from) {
  const cards = issues.filter((issue) => issue.status === status.name);
  const open = Boolean(from?.next.includes(status.name));
  const closed = from && !open && from.name !== status.name;
  return html`
    <section class="column ${open ? "open" : ""} ${closed ? "closed" : ""}" aria-label=${status.name}
      @dragover=${(event) => mayDrop(jira, status.name) && event.preventDefault()}
      @drop=${(event) => dropped(event, status.name)}>
      <h3><span class="lozenge ${status.category}">${status.name}</span> <span class="count">${cards.length}</span></h3>
      <ul>${repeat(cards, (issue) => issue.key, (issue) => card(issue, status, jira))}</ul>
    </section>
  `;
}

function card(issue, status, jira) {
  return html`
    <li class="card" draggable="true" data-key=${issue.key}
      @dragstart=${(event) => lifted(event, issue.key)} @dragend=${() => showJira({ dragged: "" })}>
      <a class="title" draggable="false" aria-label="${issue.key} ${issue.summary}"
        href="${jira.url}/browse/${issue.key}">${issue.summary}</a>
      ${labels(issue)}
      <div class="foot">
        ${typeIcon(issue.type)} <span class="key">${issue.key}</span> ${priorityIcon(issue.priority)}
        ${moveTo(issue, status)}
        ${issue.assignee ? avatar(issue.assignee, `Assigned to ${issue.assignee}`) : nothing}
      </div>
    </li>
  `;
}

/** The labels of an issue, if it has any. */
export function labels(issue) {
  if (!issue.labels.length) return nothing;
  return html`<p class="labels">${issue.labels.map((label) => html`<span class="label">${label}</span>`)}</p>`;
}

/** What kind of issue it is, as a sign. */
export function typeIcon(type) {
  return html`<span class="type ${type.toLowerCase()}" role="img" aria-label=${type} title=${type}
    >${TYPES[type] ?? "✓"}</span>`;
}

/** How urgent it is, as a sign. */
export function priorityIcon(priority) {
  const name = `Priority ${priority}`;
  return html`<span class="priority ${priority.toLowerCase()}" role="img" aria-label=${name} title=${name}
    >${PRIORITIES[priority] ?? "="}</span>`;
}

// Dragging needs a mouse; this does the same with the keyboard and on a phone.
function moveTo(issue, status) {
  return html`
    <select class="move" aria-label="Move ${issue.key} to" .value=${live("")}
      @change=${(event) => moved(issue.key, event.target.value)}>
      <option value="">Move to</option>
      ${status.next.map((name) => html`<option value=${name}>${name}</option>`)}
    </select>
  `;
}

function lifted(event, key) {
  event.dataTransfer.setData("text/plain", key);
  event.dataTransfer.effectAllowed = "move";
  showJira({ dragged: key });
}

// The board as it was drawn may be older than the drag.
function mayDrop(jira, status) {
  const dragged = jira.issues.find((issue) => issue.key === jiraView().dragged);
  return jira.statuses.some((each) => each.name === dragged?.status && each.next.includes(status));
}

function dropped(event, status) {
  event.preventDefault();
  const key = event.dataTransfer.getData("text/plain") || jiraView().dragged;
  showJira({ dragged: "" });
  if (key) moved(key, status);
}

function moved(key, status) {
  if (status) jiraAct("transition", { key, status });
}
