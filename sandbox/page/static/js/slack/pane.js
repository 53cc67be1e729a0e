// The Slack pane.

import { html } from "../lit.js";

export function slackPane({ slack }) {
  const general = slack.channels[0];
  return html`
    <h2>#${general.name}</h2>
    ${general.messages.map((message) => html`<p class="message">${message.text}</p>`)}
  `;
}
