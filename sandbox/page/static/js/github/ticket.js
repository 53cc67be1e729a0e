// One issue or pull request: what it says, what happened to it, and what can be done about it.

import { html, keyed, nothing } from "../lit.js";
import { ago, focused, options, sending, sendKey, sent } from "../common.js";
import { mergeBox } from "./merging.js";
import { stateBadge } from "./pieces.js";
import { sidebar } from "./sidebar.js";
import { timeline } from "./timeline.js";
import { githubAct, showGithub } from "./view.js";

const VERDICTS = [["approved", "Approve"], ["changes_requested", "Request changes"], ["commented", "Review only"]];
const REASONS = [["completed", "as completed"], ["not_planned", "as not planned"], ["duplicate", "as a duplicate"]];

export function ticketPage({ github, repo, view }, ticket) {
  const kind = ticket.pull ? "Pull request" : "Issue";
  return keyed(`${repo.name}#${ticket.number}`, html`
    <article class="ticket" aria-label="${kind} #${ticket.number}">
      <button class="link" @click=${() => showGithub({ tab: ticket.pull ? "pulls" : "issues" })}
        >← ${ticket.pull ? "Pull requests" : "Issues"}</button>
      ${title(ticket, view)}
      <p class="by">${stateBadge(ticket)} ${ticket.pull ? branches(ticket) : nothing}</p>
      <div class="columns">
        <div>
          ${timeline(ticket, view)}
          ${ticket.pull ? mergeBox(ticket) : nothing}
          ${composer(ticket)}
        </div>
        ${sidebar(github, repo, ticket)}
      </div>
    </article>
  `);
}

function title(ticket, view) {
  if (view.editing !== "title") {
    return html`<h2>${ticket.title} <span class="number">#${ticket.number}</span>
      <button class="link" aria-label="Edit title and description"
        @click=${() => showGithub({ ...view, editing: "title" })}>Edit</button></h2>`;
  }
  const left = () => showGithub({ ...view, editing: 0 });
  return html`
    <form class="form" aria-label="Edit #${ticket.number}" @keydown=${(event) => event.key === "Escape" && left()}
      @submit=${async (event) => {
        if ((await githubAct("edit", { number: ticket.number, ...sent(event) })) !== undefined) left();
      }}>
      <label>Title <input name="title" required maxlength="256" value=${ticket.title} ${focused} /></label>
      <label>Description
        <textarea name="body" rows="5" .defaultValue=${ticket.body} @keydown=${sendKey}></textarea></label>
      <div class="buttons"><button class="primary">Save</button>
        <button type="button" @click=${left}>Cancel</button></div>
    </form>
  `;
}

function branches(ticket) {
  const { base, head, mergedBy } = ticket.pull;
  const what = mergedBy ? `${mergedBy} merged` : `${ticket.author} wants to merge`;
  return html`${what} <code>${head}</code> into <code>${base}</code> ${ago(ticket.closed ?? ticket.created)}`;
}

function composer(ticket) {
  return html`
    <form class="form" aria-label="Say what you think" @submit=${sending((given) => spoken(ticket, given))}>
      <label>Add a comment
        <textarea name="body" rows="3" placeholder="Markdown works here" @keydown=${sendKey}></textarea></label>
      <div class="buttons">
        <button class="primary" name="deed" value="comment">Comment</button>
        ${ticket.pull ? html`
          <select name="verdict" aria-label="Verdict">${options(VERDICTS, "approved")}</select>
          <button type="button" @click=${(event) => reviewed(ticket, event.target.form)}
            >Submit review</button>` : nothing}
        ${ticket.state === "open" ? closing(ticket) : reopening(ticket)}
      </div>
    </form>
  `;
}

function spoken(ticket, { body }) {
  return githubAct("comment", { number: ticket.number, body });
}

async function reviewed(ticket, form) {
  const { body, verdict } = Object.fromEntries(new FormData(form));
  if ((await githubAct("review", { number: ticket.number, body, verdict })) !== undefined) form.reset();
}

function closing(ticket) {
  if (ticket.pull) {
    return html`<button type="button" @click=${() => githubAct("close", { number: ticket.number })}
      >Close pull request</button>`;
  }
  return html`
    <button type="button" @click=${(event) => githubAct("close", {
      number: ticket.number, reason: new FormData(event.target.form).get("reason"),
    })}>Close issue</button>
    <select name="reason" aria-label="Why it is closed">${options(REASONS, "completed")}</select>
  `;
}

function reopening(ticket) {
  if (ticket.state === "merged") return nothing;
  return html`<button type="button" @click=${() => githubAct("reopen", { number: ticket.number })}>Reopen</button>`;
}
