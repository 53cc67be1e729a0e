// The settings of a repository: its name, its owner, who sees it.

import { html, nothing } from "../lit.js";
import { sent } from "../common.js";
import { githubAct, showGithub } from "./view.js";

export function settingsTab({ repo }) {
  const [owner, name] = repo.name.split("/");
  return html`
    <form class="form" aria-label="Rename" @submit=${(event) => changed("rename", sent(event))}>
      <h2>Rename</h2>
      <label>Name <input name="name" required value=${name} /></label>
      <div class="buttons"><button>Rename</button></div>
    </form>
    <form class="form" aria-label="Transfer" @submit=${(event) => changed("transfer", sent(event))}>
      <h2>Transfer to another organization</h2>
      <label>New owner, in place of ${owner} <input name="owner" required placeholder="globex" /></label>
      <div class="buttons"><button>Transfer</button></div>
    </form>
    ${repo.private ? nothing : html`
      <div class="form" role="group" aria-label="Visibility">
        <h2>Make private</h2>
        <p>connect then tells nothing more of it in channels that are not meant to see it.</p>
        <div class="buttons"><button class="danger" @click=${() => githubAct("hide")}>Make private</button></div>
      </div>`}
  `;
}

async function changed(deed, given) {
  const repo = await githubAct(deed, given);
  if (repo) showGithub({ repo, tab: "settings" });
}
