// The tab of workflow runs: start one, let it succeed or fail.

import { html, repeat } from "../lit.js";
import { ago, options, sending } from "../common.js";
import { endings } from "./merging.js";
import { outcome } from "./pieces.js";
import { githubAct } from "./view.js";

export function actionsTab({ repo }) {
  return html`
    <form class="inline" aria-label="Start a run" @submit=${sending((given) => githubAct("start-run", given))}>
      <select name="branch" aria-label="Branch">
        ${options(repo.branches.map((each) => each.name), repo.default)}</select>
      <input name="name" aria-label="Workflow" placeholder="CI" />
      <button class="primary">Start a run</button>
    </form>
    <ul class="rows" aria-label="Runs">
      ${repeat(repo.runs, (run) => run.id, (run) => html`
        <li><div><strong>${run.name} #${run.number}</strong> ${outcome(run.conclusion || run.status)}
          <p class="by"><code>${run.branch}</code> by ${run.actor}, ${ago(run.at)}</p></div>
          <span class="buttons">${endings(run)}</span></li>`)}
    </ul>
  `;
}
