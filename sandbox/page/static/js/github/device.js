// The page on which somebody enters the code that connect has shown them in Slack, to let it act as them.

import { html, nothing } from "../lit.js";
import { toast } from "../store.js";
import { githubAct } from "./view.js";

export function devicePage({ github, view }) {
  return html`
    <form class="form device" aria-label="Enter a code" @submit=${(event) => answered(event, view)}>
      <h2>Enter the code that connect shows you</h2>
      <p>Whoever types <code>/github login</code> in Slack is shown a code. With it you let connect act as
        <strong>${view.me}</strong> on GitHub.</p>
      <label>Code <input name="code" required autocomplete="off" placeholder="XXXX-XXXX" maxlength="9" /></label>
      ${github.codes.length ? nothing : html`<p class="empty">Nobody waits for an answer at the moment.</p>`}
      <div class="buttons"><button class="primary">Authorize connect as ${view.me}</button>
        <button name="deny" value="yes">Deny</button></div>
    </form>
  `;
}

async function answered(event, { me }) {
  event.preventDefault();
  const form = event.target;
  const given = { code: new FormData(form).get("code"), who: me, deny: event.submitter?.name === "deny" };
  if ((await githubAct("answer-code", given)) === undefined) return;
  form.reset();
  toast(given.deny ? "Denied. connect will be told." : `Done. connect acts as ${me} in a moment.`);
}
