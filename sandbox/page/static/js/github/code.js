// The code's tab: branches with what was pushed to them, and a form to push.

import { html, nothing, repeat } from "../lit.js";
import { ago, sending } from "../common.js";
import { githubAct, showGithub } from "./view.js";

export function codeTab({ repo }) {
  return html`
    <ul class="branches" aria-label="Branches">
      ${repeat(repo.branches, (branch) => branch.name, (branch) => row(branch, repo))}
    </ul>
    <form class="form" aria-label="Push" @submit=${sending((given) => githubAct("push", given))}>
      <h2>Push</h2>
      <label>Branch, which is made if there is none
        <input name="branch" required list="branches-of-repo" placeholder="OPS-1-extinguisher" /></label>
      <datalist id="branches-of-repo">
        ${repo.branches.map((each) => html`<option value=${each.name}></option>`)}</datalist>
      <label>Commits, one a line
        <textarea name="message" rows="2" required placeholder="OPS-1 Say where the extinguisher is"></textarea></label>
      <div class="buttons"><button class="primary">Push</button></div>
    </form>
  `;
}

function row(branch, repo) {
  const own = branch.name === repo.default;
  return html`
    <li>
      <p><code>${branch.name}</code> <small>${branch.sha.slice(0, 7)}</small>
        ${own ? html`<span class="pill">default</span>` : nothing}
        ${branch.pulls.map((number) => html`
          <button class="link" @click=${() => showGithub({ tab: "pulls", number })}>#${number}</button>`)}
        ${own || branch.pulls.length ? nothing : html`
          <button class="link" @click=${() => showGithub({ tab: "pulls", form: "open", head: branch.name })}
            >Open a pull request</button>`}
        ${own ? nothing : html`<button class="link" aria-label="Delete branch ${branch.name}"
          @click=${() => githubAct("delete-branch", { branch: branch.name })}>Delete</button>`}
      </p>
      <ol>${[...branch.commits].reverse().map((each) => html`
        <li>${each.message.split("\n")[0]} <small>${each.author}, ${ago(each.at)}</small></li>`)}</ol>
    </li>
  `;
}
