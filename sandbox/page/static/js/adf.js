// Atlassian's documents (ADF) as HTML: what Jira's descriptions and comments are made of.
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/

import { sign } from "./common.js";
import { html, nothing } from "./lit.js";

/** Draw a document; a string is drawn as its lines. */
export function drawAdf(body) {
  if (!body) return nothing;
  if (typeof body === "string") return html`<div class="adf">${lines(body)}</div>`;
  return html`<div class="adf">${all(body)}</div>`;
}

const BLOCKS = {
  paragraph: (node) => html`<p>${all(node)}</p>`,
  heading: (node) => html`<p class="heading level-${node.attrs?.level}" role="heading"
    aria-level=${Math.min((node.attrs?.level ?? 1) + 3, 6)}>${all(node)}</p>`,
  bulletList: (node) => html`<ul>${all(node)}</ul>`,
  orderedList: (node) => html`<ol start=${node.attrs?.order ?? 1}>${all(node)}</ol>`,
  listItem: (node) => html`<li>${all(node)}</li>`,
  taskList: (node) => html`<ul class="tasks">${all(node)}</ul>`,
  taskItem: (node) => html`<li><input type="checkbox" disabled .checked=${node.attrs?.state === "DONE"}
    aria-label=${node.attrs?.state === "DONE" ? "Done" : "To do"} /> ${all(node)}</li>`,
  decisionList: (node) => html`<ul class="tasks">${all(node)}</ul>`,
  decisionItem: (node) => html`<li>⤷ ${all(node)}</li>`,
  codeBlock: (node) => html`<pre><code>${all(node)}</code></pre>`,
  blockquote: (node) => html`<blockquote>${all(node)}</blockquote>`,
  panel: (node) => html`<div class="panel ${kind(node.attrs?.panelType)}">${all(node)}</div>`,
  expand: (node) => html`<details><summary>${node.attrs?.title || "More"}</summary>${all(node)}</details>`,
  nestedExpand: (node) => BLOCKS.expand(node),
  rule: () => html`<hr />`,
  table: (node) => html`<div class="table"><table><tbody>${all(node)}</tbody></table></div>`,
  tableRow: (node) => html`<tr>${all(node)}</tr>`,
  tableHeader: (node) => html`<th colspan=${span(node, "colspan")} rowspan=${span(node, "rowspan")}>${all(node)}</th>`,
  tableCell: (node) => html`<td colspan=${span(node, "colspan")} rowspan=${span(node, "rowspan")}>${all(node)}</td>`,
  mediaSingle: (node) => html`<p>${all(node)}</p>`,
  mediaGroup: (node) => html`<p>${all(node)}</p>`,
  media: (node) => html`<span class="file">${sign("file")} ${node.attrs?.alt || node.attrs?.id || "a file"}</span>`,
  mediaInline: (node) => BLOCKS.media(node),
  text: (node) => (node.marks ?? []).reduce((shown, mark) => MARKS[mark.type]?.(shown, mark) ?? shown, node.text),
  hardBreak: () => html`<br />`,
  mention: (node) => html`<span class="mention">${node.attrs?.text || `@${node.attrs?.id}`}</span>`,
  emoji: (node) => node.attrs?.text || node.attrs?.shortName,
  inlineCard: (node) => link(node.attrs?.url, node.attrs?.url),
  blockCard: (node) => html`<p>${link(node.attrs?.url, node.attrs?.url)}</p>`,
  date: (node) => html`<span class="lozenge">${day(node.attrs?.timestamp)}</span>`,
  status: (node) => html`<span class="lozenge ${kind(node.attrs?.color)}">${node.attrs?.text}</span>`,
};

const MARKS = {
  strong: (shown) => html`<strong>${shown}</strong>`,
  em: (shown) => html`<em>${shown}</em>`,
  strike: (shown) => html`<s>${shown}</s>`,
  underline: (shown) => html`<u>${shown}</u>`,
  code: (shown) => html`<code>${shown}</code>`,
  subsup: (shown, mark) => (mark.attrs?.type === "sup" ? html`<sup>${shown}</sup>` : html`<sub>${shown}</sub>`),
  link: (shown, mark) => link(mark.attrs?.href, shown),
};

function all(node) {
  return (node.content ?? []).map((child) => BLOCKS[child.type]?.(child) ?? all(child));
}

function link(address, shown) {
  if (!/^(https?:|mailto:)/i.test(address ?? "")) return shown;
  return html`<a href=${address} target="_blank" rel="noopener">${shown}</a>`;
}

function lines(text) {
  return text.split("\n").map((line) => html`<p>${line}</p>`);
}

function kind(name) {
  return /^[a-z]+$/.test(name ?? "") ? name : "info";
}

function span(node, name) {
  return Number(node.attrs?.[name]) || 1;
}

function day(milliseconds) {
  const date = new Date(Number(milliseconds));
  return Number.isNaN(date.valueOf()) ? "" : date.toLocaleDateString(undefined, { timeZone: "UTC" });
}
