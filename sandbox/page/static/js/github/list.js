// The lists of issues and of pull requests, and the forms that open new ones.

import { html, nothing, repeat } from "../lit.js";
import { ago, avatar, current, options, sent } from "../common.js";
import { label, openingForm, outcome, stateIcon } from "./pieces.js";
import { ticketPage } from "./ticket.js";
import { githubAct, showGithub } from "./view.js";

const NEW_BRANCH = "a new branch…";

export function issuesTab(shown) {
  return tab(shown, { pulls: false, button: "New issue", form: newIssue });
}

export function pullsTab(shown) {
  return tab(shown, { pulls: true, button: "New pull request", form: newPull });
}

function tab(shown, { pulls, button, form }) {
  const { repo, view } = shown;
  const all = repo.tickets.filter((each) => Boolean(each.pull) === pulls);
  const ticket = all.find((each) => each.number === view.number);
  if (ticket) return ticketPage(shown, ticket);
  if (view.form === "open") return form(shown);
  const open = all.filter((each) => each.state === "open");
  const found = view.filter === "open" ? open : all.filter((each) => each.state !== "open");
  const filter = (id, words) => html`<button class="link" aria-pressed=${view.filter === id}
    @click=${() => showGithub({ ...view, filter: id })}>${words}</button>`;
  return html`
    <div class="bar">${filter("open", `${open.length} open`)} ${filter("closed", `${all.length - open.length} closed`)}
      <button class="primary" @click=${() => showGithub({ ...view, form: "open" })}>${button}</button></div>
    <ul class="rows" aria-label=${pulls ? "Pull requests" : "Issues"}>
      ${repeat(found, (each) => each.number, (each) => row(each, repo))}
    </ul>
    ${found.length ? nothing : html`<p class="empty">There is nothing here.</p>`}
  `;
}

function row(ticket, repo) {
  const check = ticket.pull?.checks.at(-1);
  return html`
    <li>
      ${stateIcon(ticket)}
      <div>
        <button class="title"
          @click=${() => showGithub({ tab: ticket.pull ? "pulls" : "issues", number: ticket.number })}
          >${ticket.title}</button>
        ${ticket.labels.map((name) => label(name, repo.labels))}
        <p class="by">#${ticket.number} by ${ticket.author}, ${ago(ticket.created)}
          ${check ? outcome(check.conclusion || check.status) : nothing}</p>
      </div>
      <span class="who">${ticket.assignees.map((login) => avatar(login, `Assigned to ${login}`))}</span>
    </li>
  `;
}

function newIssue() {
  return openingForm({
    name: "New issue", button: "Open issue", cancel: () => showGithub({ tab: "issues" }),
    send: async (event) => {
      const number = await githubAct("open-issue", sent(event));
      if (number) showGithub({ tab: "issues", number });
    },
  });
}

function newPull({ repo, view }) {
  const free = repo.branches.filter((each) => each.name !== repo.default);
  const ready = free.findLast((each) => !each.pulls.length)?.name ?? NEW_BRANCH;
  const head = free.some((each) => each.name === view.head) || view.head === NEW_BRANCH ? view.head : ready;
  const extra = html`
    <label>From branch <select name="head" @change=${(event) => showGithub({ ...view, head: event.target.value })}>
      ${current([...free.map((each) => each.name), NEW_BRANCH], head)}</select></label>
    ${head === NEW_BRANCH ? html`
      <label>Name of the branch <input name="branch" required placeholder="OPS-2-fire-door" /></label>
      <label>Commits, one a line <textarea name="message" rows="2" required
        placeholder="OPS-2 Let the fire door close by itself"></textarea></label>` : nothing}
    <label>Into branch <select name="base">
      ${options(repo.branches.map((each) => each.name), repo.default)}</select></label>
    <label class="check"><input type="checkbox" name="draft" /> as a draft</label>
  `;
  return openingForm({
    name: "New pull request", button: "Open pull request", extra, cancel: () => showGithub({ tab: "pulls" }),
    send: openPull,
  });
}

async function openPull(event) {
  const { branch, message, ...given } = sent(event);
  if (branch && (await githubAct("push", { branch, message })) === undefined) return;
  const number = await githubAct("open-pull-request", { ...given, head: branch ?? given.head });
  if (number) showGithub({ tab: "pulls", number, head: undefined });
}
