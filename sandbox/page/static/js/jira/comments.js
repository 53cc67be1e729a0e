// The comments of an issue: said, changed and deleted as whoever the visitor is.

import { html, nothing, repeat } from "../lit.js";
import { drawAdf } from "../adf.js";
import { ago, avatar, focused, sending, sendKey, sent, sign } from "../common.js";
import { jiraAct, showJira } from "./view.js";

export function comments(issue, view) {
  return html`
    <ol class="comments" aria-label="Comments">
      ${repeat(issue.comments, (comment) => comment.id, (comment) => html`
        <li class="comment">
          ${avatar(comment.author, "")}
          <div>
            <p class="by"><strong>${comment.author}</strong> ${ago(comment.created)}
              ${comment.edited ? html`<small>edited</small>` : nothing}
              ${comment.restricted
                ? html`<span class="lozenge">${sign("lock")} ${comment.restricted} only</span>` : nothing}</p>
            ${view.editing === comment.id ? editor(issue, comment) : said(issue, comment)}
          </div>
        </li>`)}
    </ol>
    ${composer(issue)}
  `;
}

function said(issue, comment) {
  const given = { key: issue.key, comment: comment.id };
  const begun = comment.text.slice(0, 40);
  return html`
    ${drawAdf(comment.body)}
    <p class="buttons">
      <button class="link" aria-label="Edit comment: ${begun}"
        @click=${() => showJira({ editing: comment.id })}>Edit</button>
      <button class="link" aria-label="Delete comment: ${begun}"
        @click=${() => jiraAct("delete-comment", given)}>Delete</button>
    </p>
  `;
}

function editor(issue, comment) {
  return html`
    <form class="edit" @submit=${(event) => changed(issue, comment, sent(event))}
      @keydown=${(event) => event.key === "Escape" && showJira({ editing: "" })}>
      <textarea name="text" aria-label="Comment's text" rows="3" required ${focused} @keydown=${sendKey}
        .defaultValue=${comment.text}></textarea>
      <div class="buttons"><button class="primary">Save</button>
        <button type="button" @click=${() => showJira({ editing: "" })}>Cancel</button></div>
    </form>
  `;
}

async function changed(issue, comment, given) {
  const done = await jiraAct("edit-comment", { key: issue.key, comment: comment.id, ...given });
  if (done !== undefined) showJira({ editing: "" });
}

function composer(issue) {
  return html`
    <form class="edit" @submit=${sending((given) => jiraAct("comment", { key: issue.key, ...given }))}>
      <textarea name="text" aria-label="Add a comment" placeholder="Add a comment" rows="2" required
        @keydown=${sendKey}></textarea>
      <div class="buttons"><button class="primary">Comment</button>
        <label><input type="checkbox" name="restricted" /> for administrators only</label></div>
    </form>
  `;
}
