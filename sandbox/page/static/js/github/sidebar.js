// Beside an issue or pull request: reviewers, assignees, labels.

import { html, nothing } from "../lit.js";
import { avatar, sending } from "../common.js";
import { label } from "./pieces.js";
import { githubAct } from "./view.js";

const SIGNS = { approved: "✓", changes_requested: "✗", commented: "…", asked: "●", dismissed: "–" };

export function sidebar(github, repo, ticket) {
  const people = github.people.filter((login) => login !== "hubot");
  return html`
    <aside class="sidebar" aria-label="About #${ticket.number}">
      ${ticket.pull ? reviewers(people, ticket) : nothing}
      ${assignees(people, ticket)}
      ${labels(repo, ticket)}
    </aside>
  `;
}

function reviewers(people, ticket) {
  const { number, pull } = ticket;
  const asked = new Set(pull.reviewers.filter((each) => each.verdict === "asked").map((each) => each.login));
  const free = people.filter((login) => login !== ticket.author && !asked.has(login));
  return html`
    <h3>Reviewers</h3>
    <ul aria-label="Reviewers">${pull.reviewers.map((each) => html`
      <li>${avatar(each.login, "")} ${each.login}
        <span class="verdict ${each.verdict}" role="img" aria-label=${said(each.verdict)} title=${said(each.verdict)}
          >${SIGNS[each.verdict]}</span></li>`)}</ul>
    ${chooser("Request review of", free, (reviewer) => githubAct("request-review", { number, reviewer }))}
  `;
}

function said(verdict) {
  return verdict === "asked" ? "is asked for a review" : verdict.replaceAll("_", " ");
}

function assignees(people, ticket) {
  const { number } = ticket;
  return html`
    <h3>Assignees</h3>
    <ul aria-label="Assignees">${ticket.assignees.map((whom) => html`
      <li>${avatar(whom, "")} ${whom}
        ${remove(`Unassign ${whom}`, () => githubAct("assign", { number, whom, off: true }))}
      </li>`)}</ul>
    ${chooser("Assign", people.filter((each) => !ticket.assignees.includes(each)),
      (whom) => githubAct("assign", { number, whom }))}
  `;
}

function labels(repo, ticket) {
  const { number } = ticket;
  const free = repo.labels.map((each) => each.name).filter((name) => !ticket.labels.includes(name));
  return html`
    <h3>Labels</h3>
    <ul aria-label="Labels">${ticket.labels.map((name) => html`
      <li>${label(name, repo.labels)}
        ${remove(`Remove label ${name}`, () => githubAct("label", { number, name, off: true }))}
      </li>`)}</ul>
    ${chooser("Add label", free, (name) => githubAct("label", { number, name }))}
    <form class="inline" aria-label="New label" @submit=${sending((given) => githubAct("label", { number, ...given }))}>
      <input name="name" required maxlength="50" aria-label="Name of a new label" placeholder="New label" />
      <button>Add</button>
    </form>
  `;
}

function remove(words, deed) {
  return html`<button class="link" aria-label=${words} title=${words} @click=${deed}>✕</button>`;
}

function chooser(words, choices, choose) {
  if (!choices.length) return nothing;
  const chosen = (event) => {
    const { value } = event.target;
    event.target.value = "";
    if (value) choose(value);
  };
  return html`<select aria-label=${words} @change=${chosen}>
    <option value="">${words}…</option>${choices.map((each) => html`<option value=${each}>${each}</option>`)}</select>`;
}
