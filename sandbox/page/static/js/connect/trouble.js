// The switches that make trouble, each with a sentence.

import { html, live, nothing } from "../lit.js";
import { act } from "../store.js";

/** The row of switches. */
export function drawTrouble({ trouble }) {
  if (!trouble) return nothing;
  const on = [...trouble.switches, ...trouble.once].filter((each) => each.on || each.state === "waiting").length;
  return html`
    <details class="trouble">
      <summary>Make trouble ${on ? html`<span class="chip failed">${on} on</span>` : nothing}</summary>
      ${trouble.switches.map(({ name, title, sentence, on: isOn }) => html`
        <label class="switch">
          <input type="checkbox" role="switch" .checked=${live(isOn)}
            @change=${() => act("trouble/switch", { name })} />
          <span><b>${title}</b><small>${sentence}</small></span>
        </label>`)}
      ${trouble.once.map(({ name, title, sentence, state }) => html`
        <div class="once">
          <button class="plain" aria-pressed=${state === "waiting"}
            @click=${() => act("trouble/switch", { name })}>${title}</button>
          <small>${said(state, sentence)}</small>
        </div>`)}
      <button class="plain" @click=${() => act("trouble/all-clear")}>All clear</button>
    </details>
  `;
}

function said(state, sentence) {
  return { off: sentence, waiting: `Armed. ${sentence}`, met: "It happened: an answer was lost." }[state];
}
