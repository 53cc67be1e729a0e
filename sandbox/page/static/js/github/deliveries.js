// The tabs of what is given to people: releases and deployments.

import { html, nothing, repeat, unsafeHTML } from "../lit.js";
import { ago, options, sending } from "../common.js";
import { outcome } from "./pieces.js";
import { githubAct } from "./view.js";

const STEPS = [["in_progress", "In progress"], ["success", "Success"], ["failure", "Failure"]];
const ENDED = ["success", "failure", "error", "inactive"];

export function releasesTab({ repo }) {
  return html`
    <ul class="rows" aria-label="Releases">
      ${repeat(repo.releases, (each) => each.tag, (each) => html`
        <li><div><strong>${each.name}</strong> <code>${each.tag}</code>
          ${each.prerelease ? html`<span class="pill">Pre-release</span>` : nothing}
          <p class="by">${each.author}, ${ago(each.at)}</p>
          <div class="markdown">${unsafeHTML(each.html)}</div></div></li>`)}
    </ul>
    <form class="form" aria-label="New release" @submit=${sending((given) => githubAct("release", given))}>
      <h2>New release</h2>
      <label>Tag <input name="tag" required placeholder="v1.4.0" /></label>
      <label>Title <input name="name" placeholder="The summer release" /></label>
      <label>What is new <textarea name="body" rows="4" placeholder="Markdown works here"></textarea></label>
      <label class="check"><input type="checkbox" name="prerelease" /> a pre-release</label>
      <div class="buttons"><button class="primary">Publish release</button></div>
    </form>
  `;
}

export function deploymentsTab({ repo }) {
  return html`
    <form class="inline" aria-label="Deploy" @submit=${sending((given) => githubAct("deploy", given))}>
      <select name="ref" aria-label="Branch">${options(repo.branches.map((each) => each.name), repo.default)}</select>
      <select name="environment" aria-label="Environment">${options(["production", "staging"], "production")}</select>
      <button class="primary">Deploy</button>
    </form>
    <ul class="rows" aria-label="Deployments">
      ${repeat(repo.deployments, (each) => each.id, (each) => html`
        <li><div><strong>${each.environment}</strong> ${outcome(each.state)}
          <p class="by"><code>${each.ref}</code> by ${each.by}, ${ago(each.at)}</p></div>
          <span class="buttons">${ENDED.includes(each.state) ? nothing : steps(each)}</span></li>`)}
    </ul>
  `;
}

function steps(deployment) {
  return STEPS.filter(([state]) => state !== deployment.state).map(([state, words]) => html`
    <button class="link" aria-label="${words}: ${deployment.environment}"
      @click=${() => githubAct("deployment-status", { deployment: deployment.id, state })}>${words}</button>`);
}
