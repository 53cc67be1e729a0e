// The tab of discussions: the list, one of them, and the forms to open one and to take part.

import { html, keyed, nothing, repeat, unsafeHTML } from "../lit.js";
import { ago, avatar, options, sending, sendKey, sent } from "../common.js";
import { openingForm } from "./pieces.js";
import { githubAct, showGithub } from "./view.js";

export function discussionsTab({ repo, view }) {
  const one = repo.discussions.find((each) => each.number === view.number);
  if (one) return page(one);
  if (view.form === "open") return form();
  return html`
    <div class="bar">
      <button class="primary" @click=${() => showGithub({ ...view, form: "open" })}>New discussion</button></div>
    <ul class="rows" aria-label="Discussions">
      ${repeat(repo.discussions, (each) => each.number, (each) => html`
        <li><div>
          <button class="title" @click=${() => showGithub({ ...view, number: each.number })}>${each.title}</button>
          <span class="pill">${each.category}</span>
          <p class="by">#${each.number} by ${each.author}, ${ago(each.at)}, ${each.comments.length} comments</p>
          </div></li>`)}
    </ul>
    ${repo.discussions.length ? nothing : html`<p class="empty">Nobody has begun a discussion yet.</p>`}
  `;
}

function form() {
  const extra = html`<label>Category
    <select name="category">${options(["Ideas", "Q&A", "Announcements", "General"], "Ideas")}</select></label>`;
  return openingForm({
    name: "New discussion", button: "Begin discussion", extra, cancel: () => showGithub({ tab: "discussions" }),
    send: async (event) => {
      const number = await githubAct("discuss", sent(event));
      if (number) showGithub({ tab: "discussions", number });
    },
  });
}

function page(discussion) {
  const said = [{ id: 0, ...discussion }, ...discussion.comments];
  const { number } = discussion;
  return keyed(number, html`
    <article class="ticket" aria-label="Discussion #${number}">
      <button class="link" @click=${() => showGithub({ tab: "discussions" })}>← Discussions</button>
      <h2>${discussion.title} <span class="number">#${number}</span></h2>
      <ol class="timeline" aria-label="Timeline">
        ${repeat(said, (each) => each.id, (each) => html`
          <li class="said"><p class="by">${avatar(each.author, "")} <strong>${each.author}</strong> ${ago(each.at)}</p>
            <div class="markdown">${unsafeHTML(each.html)}</div></li>`)}
      </ol>
      <form class="form" aria-label="Say what you think"
        @submit=${sending((given) => githubAct("say-in-discussion", { number, ...given }))}>
        <label>Add a comment <textarea name="body" rows="3" required @keydown=${sendKey}></textarea></label>
        <div class="buttons"><button class="primary">Comment</button></div>
      </form>
    </article>
  `);
}
