// What was said and pushed, in order.

import { html, nothing, repeat, unsafeHTML } from "../lit.js";
import { ago, avatar, focused, sendKey, sent } from "../common.js";
import { githubAct, showGithub } from "./view.js";

const VERDICTS = {
  approved: "approved these changes", changes_requested: "requested changes", commented: "reviewed",
  dismissed: "gave a review that was dismissed",
};

export function timeline(ticket, view) {
  const first = { kind: "body", id: 0, author: ticket.author, at: ticket.created, html: ticket.html };
  return html`
    <ol class="timeline" aria-label="Timeline">
      ${repeat([first, ...ticket.timeline], (each) => `${each.kind}${each.id}`, (each) => entry(ticket, each, view))}
      ${ticket.closed ? html`<li class="event">${ticket.state === "merged" ? ticket.pull.mergedBy : ticket.closedBy}
        ${ticket.state} this ${ago(ticket.closed)}</li>` : nothing}
    </ol>
  `;
}

function entry(ticket, each, view) {
  if (each.kind === "commit") {
    return html`<li class="event"><code>${each.id.slice(0, 7)}</code> ${each.message}
      <small>${each.author}, ${ago(each.at)}</small></li>`;
  }
  if (each.kind === "review" && !each.html) {
    return html`<li class="event ${each.state}">${avatar(each.author, "")} <strong>${each.author}</strong>
      ${VERDICTS[each.state]} ${ago(each.at)}</li>`;
  }
  return html`
    <li class="said ${each.state ?? ""}">
      <p class="by">${avatar(each.author, "")} <strong>${each.author}</strong> ${deed(each)} ${ago(each.at)}
        ${each.edited ? html`<small>edited</small>` : nothing}
        ${each.kind === "comment" ? tools(ticket, each, view) : nothing}</p>
      ${view.editing === each.id && each.kind === "comment" ? editor(ticket, each, view) : words(each)}
    </li>
  `;
}

function deed(each) {
  if (each.kind === "review") return VERDICTS[each.state];
  return each.kind === "remark" ? html`commented on <code>${each.path}</code>` : nothing;
}

function words(each) {
  const shown = each.html ? unsafeHTML(each.html) : html`<p class="empty">No description.</p>`;
  return html`<div class="markdown">${shown}</div>`;
}

function tools(ticket, each, view) {
  const begun = each.body.slice(0, 40);
  return html`
    <button class="link" aria-label="Edit comment: ${begun}"
      @click=${() => showGithub({ ...view, editing: each.id })}>Edit</button>
    <button class="link" aria-label="Delete comment: ${begun}"
      @click=${() => githubAct("delete-comment", { number: ticket.number, comment: each.id })}>Delete</button>
  `;
}

function editor(ticket, each, view) {
  const left = () => showGithub({ ...view, editing: 0 });
  return html`
    <form class="form" @keydown=${(event) => event.key === "Escape" && left()} @submit=${async (event) => {
      const given = { number: ticket.number, comment: each.id, ...sent(event) };
      if ((await githubAct("edit-comment", given)) !== undefined) left();
    }}>
      <textarea name="body" aria-label="Comment's text" rows="3" required .defaultValue=${each.body} ${focused}
        @keydown=${sendKey}></textarea>
      <div class="buttons"><button class="primary">Save</button>
        <button type="button" @click=${left}>Cancel</button></div>
    </form>
  `;
}
