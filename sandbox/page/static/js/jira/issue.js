// One issue: its words, its fields, what was said and what was changed.

import { html, keyed, nothing, repeat } from "../lit.js";
import { drawAdf } from "../adf.js";
import { ago, focused, options, sendKey, sent, sign } from "../common.js";
import { typeIcon } from "./board.js";
import { comments } from "./comments.js";
import { fields } from "./fields.js";
import { jiraAct, showJira } from "./view.js";

export function issuePage({ jira }, view) {
  const issue = jira.issues.find((each) => each.key === view.key || each.formerKeys.includes(view.key));
  if (!issue) return html`<p class="empty">There is no ${view.key} any more. ${back()}</p>`;
  return keyed(issue.key, html`
    <article class="issue" aria-label=${issue.key}>
      <nav class="trail">${back()} <span>/ ${typeIcon(issue.type)} <strong>${issue.key}</strong></span>
        ${menu(issue, jira)}</nav>
      <div class="issue-main">
        ${summary(issue, view)}
        ${description(issue, view)}
        ${attachments(issue)}
        ${links(issue)}
      </div>
      ${fields(issue, jira)}
      <div class="issue-talk">${activity(issue, view)}</div>
    </article>
  `);
}

function back() {
  return html`<button class="link" @click=${() => showJira({ view: "board" })}>← Board</button>`;
}

function menu(issue, jira) {
  const others = jira.projects.filter((each) => each.key !== issue.project).map((each) => [each.key, each.name]);
  return html`
    <details class="menu" @keydown=${closeMenu}>
      <summary aria-label="More for ${issue.key}">•••</summary>
      <div class="choices">
        <form @submit=${(event) => moved(issue, sent(event))}>
          <label>Move to project <select name="project">${options(others)}</select></label> <button>Move</button>
        </form>
        <button class="danger" @click=${() => deleted(issue)}>Delete ${issue.key}</button>
      </div>
    </details>
  `;
}

function closeMenu(event) {
  if (event.key !== "Escape") return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector("summary").focus();
}

async function moved(issue, given) {
  const key = await jiraAct("move", { key: issue.key, ...given });
  if (key) showJira({ view: "issue", project: given.project, key });
}

async function deleted(issue) {
  if ((await jiraAct("delete", { key: issue.key })) !== undefined) showJira({ view: "board" });
}

function summary(issue, view) {
  if (view.editing !== "summary") {
    return html`<h2><button class="editable" title="Change the summary"
      @click=${() => showJira({ editing: "summary" })}>${issue.summary}</button></h2>`;
  }
  return html`
    <form class="edit" @submit=${(event) => edited(issue, sent(event))} @keydown=${leave}>
      <input name="summary" aria-label="Summary" required maxlength="255" ${focused} value=${issue.summary} />
      <div class="buttons"><button class="primary">Save</button> ${cancel()}</div>
    </form>
  `;
}

function description(issue, view) {
  if (view.editing === "description") {
    return html`
      <h3>Description</h3>
      <form class="edit" @submit=${(event) => edited(issue, sent(event))} @keydown=${leave}>
        <textarea name="description" aria-label="Description" rows="7" ${focused} @keydown=${sendKey}
          .defaultValue=${issue.text}></textarea>
        <div class="buttons"><button class="primary">Save</button> ${cancel()}</div>
      </form>
    `;
  }
  return html`
    <h3>Description
      <button class="link" @click=${() => showJira({ editing: "description" })}>Edit description</button></h3>
    ${issue.description ? drawAdf(issue.description) : html`<p class="empty">Nothing is written here yet.</p>`}
  `;
}

function cancel() {
  return html`<button type="button" @click=${() => showJira({ editing: "" })}>Cancel</button>`;
}

function leave(event) {
  if (event.key === "Escape") showJira({ editing: "" });
}

async function edited(issue, given) {
  if ((await jiraAct("edit", { key: issue.key, ...given })) !== undefined) showJira({ editing: "" });
}

function attachments(issue) {
  return html`
    <h3>Attachments <label class="link">Attach a file
      <input class="hidden" type="file" @change=${(event) => attached(issue, event.target)} /></label></h3>
    <ul class="files">
      ${repeat(issue.attachments, (file) => file.id, (file) => html`
        <li><span class="file">${sign("file")} ${file.name}</span>
          <small>${size(file.size)}, ${file.author}, ${ago(file.created)}</small>
          <button class="link" aria-label="Remove ${file.name}"
            @click=${() => jiraAct("detach", { attachment: file.id })}>Remove</button></li>`)}
    </ul>
  `;
}

async function attached(issue, input) {
  const [file] = input.files;
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  await jiraAct("attach", { key: issue.key, name: file.name, content });
  input.value = "";
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} kB`;
}

function links(issue) {
  if (!issue.links.length) return nothing;
  return html`
    <h3>Links</h3>
    <ul class="files">
      ${repeat(issue.links, (link) => link.id, (link) => html`
        <li>${link.resolved ? "✓ " : ""}<a href=${link.url} target="_blank" rel="noopener">${link.title}</a>
          <small>${[link.relationship, link.summary].filter(Boolean).join(", ")}</small></li>`)}
    </ul>
  `;
}

function activity(issue, view) {
  const tab = (id, words) => html`
    <button role="tab" aria-selected=${view.tab === id} @click=${() => showJira({ tab: id })}>${words}</button>`;
  return html`
    <h3>Activity</h3>
    <div class="tablist" role="tablist">
      ${tab("comments", `Comments (${issue.comments.length})`)} ${tab("history", "History")}
    </div>
    ${view.tab === "comments" ? comments(issue, view) : history(issue)}
  `;
}

function fieldName(field) {
  return field === "duedate" ? "Due date" : field[0].toUpperCase() + field.slice(1);
}

function history(issue) {
  return html`
    <ol class="history" aria-label="History">
      ${[...issue.history].reverse().map((change) => html`
        <li><strong>${change.author}</strong> ${ago(change.at)}
          ${change.items.map((item) => html`
            <p>${fieldName(item.field)}: <s>${item.from || "none"}</s> → ${item.to || "none"}</p>`)}
        </li>`)}
      <li><strong>${issue.reporter}</strong> created the issue ${ago(issue.created)}</li>
    </ol>
  `;
}
