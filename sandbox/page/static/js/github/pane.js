// The GitHub pane: the repository, its tabs, and below them what a tab shows.

import { html } from "../lit.js";
import { current } from "../common.js";
import { followLink } from "../links.js";
import { actionsTab } from "./actions.js";
import { codeTab } from "./code.js";
import { deploymentsTab, releasesTab } from "./deliveries.js";
import { devicePage } from "./device.js";
import { discussionsTab } from "./discussions.js";
import { issuesTab, pullsTab } from "./list.js";
import { settingsTab } from "./settings.js";
import { githubView, seenRepo, showGithub } from "./view.js";

const TABS = {
  code: ["Code", codeTab],
  issues: ["Issues", issuesTab],
  pulls: ["Pull requests", pullsTab],
  actions: ["Actions", actionsTab],
  releases: ["Releases", releasesTab],
  deployments: ["Deployments", deploymentsTab],
  discussions: ["Discussions", discussionsTab],
  settings: ["Settings", settingsTab],
};

export function githubPane(state) {
  const view = githubView();
  const repo = seenRepo(state.github);
  const draw = view.tab === "device" ? devicePage : TABS[view.tab][1];
  return html`
    <div class="desk github-page" @click=${(event) => followLink(event, state)}>
      ${head(state.github, repo, view)}
      ${draw({ github: state.github, repo, view })}
    </div>
  `;
}

function head(github, repo, view) {
  const names = github.repositories.map((each) => [each.name, each.private ? `${each.name} (private)` : each.name]);
  return html`
    <header class="github-head">
      <select aria-label="Repository" @change=${(event) => showGithub({ repo: event.target.value })}>
        ${current(names, repo.name)}
      </select>
      <span class="pill">${repo.private ? "Private" : "Public"}</span>
      <label class="me">You are
        <select aria-label="Who you are on GitHub"
          @change=${(event) => showGithub({ ...githubView(), me: event.target.value })}>
          ${current(github.people, view.me)}
        </select>
      </label>
    </header>
    <nav class="github-tabs" aria-label="Tabs of ${repo.name}">
      ${Object.entries(TABS).map(([id, [words]]) => html`
        <button aria-current=${id === view.tab ? "page" : "false"} @click=${() => showGithub({ tab: id })}
          >${words} ${count(repo, id)}</button>`)}
      <button aria-current=${view.tab === "device" ? "page" : "false"} @click=${() => showGithub({ tab: "device" })}
        >Sign-in ${github.codes.length ? html`<span class="count">${github.codes.length}</span>` : ""}</button>
    </nav>
  `;
}

function count(repo, id) {
  if (id !== "issues" && id !== "pulls") return "";
  const found = repo.tickets.filter((each) => Boolean(each.pull) === (id === "pulls") && each.state === "open");
  return html`<span class="count">${found.length}</span>`;
}
