// The Jira pane.

import { html } from "../lit.js";

export function jiraPane({ jira }) {
  return html`<h2>Jira</h2>${jira.issues.map((issue) => html`<p>${issue.key} ${issue.summary}</p>`)}`;
}
