// Slack's mrkdwn as a tree of nodes. Pure: `parse(text)` needs neither the page nor the workspace.
//
// A node is `{ type, … }`: text (value), bold, italic, strike, quote (children), code, pre (value), link (url,
// children), user, channel, usergroup (id, label), broadcast (range), date (at, format, url, fallback), emoji (name),
// break.
// https://docs.slack.dev/messaging/formatting-message-text

import { EMOJI } from "./emoji.js";

const MARKS = { "*": "bold", "_": "italic", "~": "strike" };
const SHORTCODE = /^:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/;
const WORD = /[\p{L}\p{N}]/u;

/** A message's text as nodes. */
export function parse(text) {
  const nodes = [];
  const parts = String(text ?? "").split(/```/);
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode && part.trim()) nodes.push(block(part));
    else nodes.push(...lines(index % 2 === 1 && !isCode ? `\`\`\`${part}` : trimmed(part, index, parts.length)));
  });
  return nodes;
}

/** A plain_text object as nodes: text and emoji. */
export function parsePlain(text) {
  return emojied(unescape(String(text ?? "")));
}

/** What `&lt;`, `&gt;` and `&amp;` stand for. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function block(part) {
  return { type: "pre", value: unescape(withoutMarkup(part).replace(/^\n|\n$/g, "")) };
}

function trimmed(part, index, count) {
  // The line break beside a block of code is part of the block.
  const start = index > 0 ? part.replace(/^\n/, "") : part;
  return index < count - 1 ? start.replace(/\n$/, "") : start;
}

function withoutMarkup(text) {
  return text.replace(/<([^>|]+)(?:\|([^>]*))?>/g, (_, reference, label) => label || reference);
}

function lines(text) {
  if (!text) return [];
  const nodes = [];
  let quoted = null;
  let whole = false;
  for (const line of text.split("\n")) {
    const [, mark, rest] = whole ? [0, ">", line] : /^((?:&gt;|>){3}|(?:&gt;|>))?(.*)$/su.exec(line);
    whole = whole || (mark !== undefined && mark.replaceAll("&gt;", ">") === ">>>");
    const children = inline(mark === undefined ? line : rest.replace(/^ /, ""));
    if (mark === undefined) {
      if (nodes.length && !quoted) nodes.push({ type: "break" });
      nodes.push(...children);
      quoted = null;
    } else if (quoted) {
      quoted.children.push({ type: "break" }, ...children);
    } else {
      quoted = { type: "quote", children };
      nodes.push(quoted);
    }
  }
  return nodes;
}

function inline(text) {
  const nodes = [];
  let plain = "";
  const push = (node) => {
    nodes.push(...emojied(unescape(plain)), node);
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = reference(text, at) ?? code(text, at) ?? emphasis(text, at);
    if (found) {
      push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  return [...nodes, ...emojied(unescape(plain))];
}

function reference(text, at) {
  if (text[at] !== "<") return null;
  const end = text.indexOf(">", at);
  const inside = end < 0 ? "" : text.slice(at + 1, end);
  const node = inside && referred(inside);
  return node ? { node, end: end + 1 } : null;
}

function referred(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : inside.slice(bar + 1);
  if (/^@[UW]/.test(target)) return { type: "user", id: target.slice(1), label: unescape(label) };
  if (/^#[CG]/.test(target)) return { type: "channel", id: target.slice(1), label: unescape(label) };
  if (target.startsWith("!subteam^")) return { type: "usergroup", id: target.slice(9), label: unescape(label) };
  if (target.startsWith("!date^")) return dated(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { type: "broadcast", range: target.slice(1) };
  if (!/^(https?:\/\/|mailto:|tel:)/.test(target)) return null;
  const url = unescape(target);
  const children = label ? inline(label) : [{ type: "text", value: url.replace(/^mailto:/, "") }];
  return { type: "link", url, children };
}

function dated(target, fallback) {
  const [, at, format = "", url = ""] = target.split("^").map(unescape);
  return { type: "date", at: Number(at), format, url, fallback: unescape(fallback) };
}

function code(text, at) {
  const end = text[at] === "`" ? text.indexOf("`", at + 1) : -1;
  if (end <= at + 1) return null;
  return { node: { type: "code", value: unescape(withoutMarkup(text.slice(at + 1, end))) }, end: end + 1 };
}

function emphasis(text, at) {
  const mark = text[at];
  const type = MARKS[mark];
  const next = text[at + 1] ?? " ";
  const opens = type && !WORD.test(text[at - 1] ?? " ") && !/\s/.test(next) && next !== mark;
  const end = opens ? closing(text, at, mark) : -1;
  return end < 0 ? null : { node: { type, children: inline(text.slice(at + 1, end)) }, end: end + 1 };
}

function closing(text, at, mark) {
  for (let end = at + 1; end < text.length; end += 1) {
    const skipped = reference(text, end) ?? code(text, end);
    if (skipped) end = skipped.end - 1;
    else if (text[end] === mark && end > at + 1 && closes(text, end)) return end;
  }
  return -1;
}

function closes(text, end) {
  return text[end - 1] !== " " && !WORD.test(text[end + 1] ?? " ");
}

function emojied(text) {
  const nodes = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const found = text[at] === ":" && SHORTCODE.exec(text.slice(at, at + 60));
    if (found && EMOJI[found[1]]) {
      if (plain) nodes.push({ type: "text", value: plain });
      nodes.push({ type: "emoji", name: found[1] });
      plain = "";
      at += found[0].length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  return plain ? [...nodes, { type: "text", value: plain }] : nodes;
}
