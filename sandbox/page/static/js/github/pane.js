// The GitHub pane.

import { html } from "../lit.js";

export function githubPane({ github }) {
  return html`<h2>GitHub</h2>${github.repositories.map((repo) => html`<p>${repo.name}</p>`)}`;
}
