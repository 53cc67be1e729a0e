// Block Kit, drawn; `where` says what the blocks stand in, see `elements.js`.
// https://docs.slack.dev/reference/block-kit

import { html, nothing, repeat, unsafeHTML } from "../lit.js";
import { element } from "./elements.js";
import { field } from "./inputs.js";
import { inline, words } from "./text.js";

/** The blocks of a message or a window. */
export function blocks(list, where) {
  return html`<div class="blocks">
    ${repeat(list, (block, at) => block.block_id ?? at, (block) => drawn(block, where))}
  </div>`;
}

function drawn(block, where) {
  const draw = DRAWN[block.type];
  if (!draw) return html`<p class="unknown">A ${block.type} block, which this page does not draw.</p>`;
  return html`<div class="block b-${block.type}">${draw(block, where)}</div>`;
}

const DRAWN = {
  section: (block, where) => html`
    <div class="body">
      ${block.text ? html`<div class="words">${words(block.text, where.slack)}</div>` : nothing}
      ${block.fields
        ? html`<div class="s-fields">${block.fields.map((each) => html`<div>${words(each, where.slack)}</div>`)}</div>`
        : nothing}
    </div>
    ${block.accessory ? html`<div class="accessory">${element(block.accessory, block, where)}</div>` : nothing}
  `,
  context: (block, { slack }) => block.elements.map((each) =>
    each.type === "image"
      ? html`<img src=${each.image_url} alt=${each.alt_text} />`
      : html`<span>${words(each, slack)}</span>`),
  header: (block, { slack }) => html`<h3>${words(block.text, slack)}</h3>`,
  divider: () => html`<hr />`,
  actions: (block, where) => block.elements.map((each) => element(each, block, where)),
  context_actions: (block, where) => block.elements.map((each) => element(each, block, where)),
  image: (block, { slack }) => html`
    <figure>
      ${block.title ? html`<figcaption>${words(block.title, slack)}</figcaption>` : nothing}
      <img src=${block.image_url ?? ""} alt=${block.alt_text} loading="lazy" />
    </figure>
  `,
  input: (block, where) => field(block, where),
  markdown: (block) => html`<div class="s-markdown">${unsafeHTML(block.html)}</div>`,
  rich_text: (block, { slack }) => richText(block, slack),
  table: (block, { slack }) => table(block, slack),
};

/** A `rich_text` block. */
export function richText(block, slack) {
  return block.elements.map((part) => RICH[part.type]?.(part, slack) ?? nothing);
}

const RICH = {
  rich_text_section: (part, slack) => html`<p>${line(part, slack)}</p>`,
  rich_text_preformatted: (part, slack) => html`<pre>${line(part, slack)}</pre>`,
  rich_text_quote: (part, slack) => html`<blockquote>${line(part, slack)}</blockquote>`,
  rich_text_list: (part, slack) => {
    const items = part.elements.map((each) => html`<li>${line(each, slack)}</li>`);
    const indent = `margin-inline-start:${(part.indent ?? 0) * 1.5}em`;
    const shape = `indent-${(part.indent ?? 0) % 3}`;
    return part.style === "ordered"
      ? html`<ol class=${shape} style=${indent} start=${(part.offset ?? 0) + 1}>${items}</ol>`
      : html`<ul class=${shape} style=${indent}>${items}</ul>`;
  },
};

function line(part, slack) {
  return part.elements.map((each) => (each.elements ? RICH[each.type]?.(each, slack) : inline(each, slack)));
}

function table(block, slack) {
  const settings = block.column_settings ?? [];
  const cell = (given, at) => {
    const { align = "left", is_wrapped: wrapped = false } = settings[at] ?? {};
    const look = `text-align:${align};white-space:${wrapped ? "normal" : "nowrap"}`;
    return { look, drawn: given.type === "rich_text" ? richText(given, slack) : given.text };
  };
  const [head, ...rows] = block.rows.map((row) => row.map(cell));
  return html`
    <div class="scrolled" tabindex="0" role="region" aria-label="Table">
      <table>
        <thead><tr>${head.map((each) => html`<th scope="col" style=${each.look}>${each.drawn}</th>`)}</tr></thead>
        <tbody>
          ${rows.map((row) => html`<tr>${row.map((each) => html`<td style=${each.look}>${each.drawn}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  `;
}
