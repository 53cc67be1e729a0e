// What stands between a pull request and its merge: checks, the draft, the branch.

import { html, nothing, repeat } from "../lit.js";
import { sending } from "../common.js";
import { outcome } from "./pieces.js";
import { githubAct } from "./view.js";

export function mergeBox(ticket) {
  const { pull, number } = ticket;
  const open = ticket.state === "open";
  if (!open && !pull.checks.length && !pull.statuses.length) return nothing;
  return html`
    <section class="merge-box" aria-label="Checks and merge">
      <ul class="checks" aria-label="Checks">
        ${repeat(pull.checks, (run) => run.id, (run) => check(run))}
        ${pull.statuses.map((each) => html`<li><span>${each.context}</span> ${outcome(each.state)}</li>`)}
      </ul>
      <div class="buttons">
        ${open && !pull.draft ? html`
          <button class="merge" @click=${() => githubAct("merge", { number })}>Merge pull request</button>` : nothing}
        ${open ? html`
          <button @click=${() => githubAct("draft", { number, draft: !pull.draft })}
            >${pull.draft ? "Ready for review" : "Convert to draft"}</button>
          <button @click=${() => githubAct("start-run", { branch: pull.head })}>Start a check</button>` : nothing}
      </div>
      ${open ? pushForm(pull.head) : nothing}
    </section>
  `;
}

function check(run) {
  const ended = outcome(run.conclusion || run.status);
  return html`<li><span>${run.name} #${run.number}</span> ${ended} ${endings(run)}</li>`;
}

/** The ways in which a run that is under way can end. */
export function endings(run) {
  if (run.conclusion) return nothing;
  const end = (conclusion, words) => html`
    <button class="link" aria-label="${words}: ${run.name} #${run.number}"
      @click=${() => githubAct("finish-run", { run: run.id, conclusion })}>${words}</button>`;
  return html`${end("success", "Let it succeed")} ${end("failure", "Let it fail")}`;
}

/** Push commits to a branch. */
export function pushForm(branch) {
  return html`
    <form class="inline" aria-label="Push to ${branch}"
      @submit=${sending((given) => githubAct("push", { branch, ...given }))}>
      <input name="message" required aria-label="Message of the commit" placeholder="Message of the commit" />
      <button>Push to ${branch}</button>
    </form>
  `;
}
