// What people type, as Slack keeps it: mentions, channels and links become references. Pure, given the workspace.

import { parse, unescape } from "./mrkdwn.js";

const ITEM = /^( *)(•|-|\d+\.) +/;
const BROADCASTS = ["here", "channel", "everyone"];

/** Typed text as Slack stores it; `labels`: with names in the references, as slash commands have them. */
export function resolve(text, slack, { labels = false } = {}) {
  const parts = text.split(/(```[^]*?```|`[^`\n]*`)/);
  return parts.map((part, at) => (at % 2 ? escape(part) : referred(part, slack, labels))).join("");
}

/** Stored text as people typed it: what an editor begins with. */
export function typedOf(text, slack) {
  const named = text
    .replace(/<@([UW]\w+)(?:\|[^>]*)?>/g, (_, id) => `@${personOf(slack, id)?.name ?? id}`)
    .replace(/<#([CG]\w+)(?:\|([^>]*))?>/g, (_, id, label) => `#${channelOf(slack, id)?.name || label || id}`)
    .replace(/<!(\w+)>/g, "@$1")
    .replace(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, "$1");
  return unescape(named);
}

/** Typed text as a `rich_text` object, which is what a rich text field sends. */
export function toRich(text, slack) {
  const elements = [];
  for (const line of linesOf(parse(resolve(text, slack)))) add(elements, line);
  return { type: "rich_text", elements };
}

function linesOf(nodes) {
  const lines = [[]];
  for (const node of nodes) {
    if (node.type === "break") lines.push([]);
    else if (node.type === "pre" || node.type === "quote") lines.push(node, []);
    else lines.at(-1).push(node);
  }
  return lines.filter((line, at) => !Array.isArray(line) || line.length || Array.isArray(lines[at - 1]));
}

function add(elements, line) {
  const before = elements.at(-1);
  if (!Array.isArray(line)) {
    const isCode = line.type === "pre";
    const inside = isCode ? [{ type: "text", text: line.value }] : line.children.flatMap((each) => rich(each));
    elements.push({ type: isCode ? "rich_text_preformatted" : "rich_text_quote", elements: inside });
    return;
  }
  const [, space, mark] = ITEM.exec(line[0]?.type === "text" ? line[0].value : "") ?? [];
  if (mark) {
    addItem(elements, line, space, mark === "•" || mark === "-" ? "bullet" : "ordered");
  } else if (before?.type === "rich_text_section") {
    before.elements.push({ type: "text", text: "\n" }, ...line.flatMap((each) => rich(each)));
  } else {
    elements.push({ type: "rich_text_section", elements: line.flatMap((each) => rich(each)) });
  }
}

function addItem(elements, [first, ...others], space, style) {
  const indent = Math.min(8, Math.floor(space.length / 2));
  const text = first.value.replace(ITEM, "");
  const inside = [...(text ? [{ ...first, value: text }] : []), ...others].flatMap((each) => rich(each));
  const item = { type: "rich_text_section", elements: inside };
  const list = elements.at(-1);
  const fits = list?.type === "rich_text_list" && list.style === style && list.indent === indent;
  if (fits) list.elements.push(item);
  else elements.push({ type: "rich_text_list", style, indent, elements: [item] });
}

/** A `rich_text` object as text to type on in. */
export function fromRich(block, slack) {
  return (block?.elements ?? []).map((part) => partOf(part, slack)).join("\n").replace(/\n{3,}/g, "\n\n");
}

/** Text that means itself, as Slack stores it. */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function referred(text, slack, labels) {
  const urls = text.split(/(https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)"'\]])/);
  return urls.map((part, at) => (at % 2 ? `<${escape(part)}>` : mentions(escape(part), slack, labels))).join("");
}

function mentions(text, slack, labels) {
  const named = slack.people.flatMap((each) => [each.name, each.handle].map((name) => [name, each]));
  named.sort((a, b) => b[0].length - a[0].length);
  const people = named.reduce((words, [name, person]) => replaced(words, `@${name}`, tag("@", person.id,
    labels ? person.handle : "")), text);
  const places = slack.channels.filter((each) => each.name).sort((a, b) => b.name.length - a.name.length);
  const linked = places.reduce((words, each) => replaced(words, `#${each.name}`, tag("#", each.id, each.name)), people);
  return BROADCASTS.reduce((words, range) => replaced(words, `@${range}`, `<!${range}>`), linked);
}

function tag(sigil, id, label) {
  return `<${sigil}${id}${label ? `|${label}` : ""}>`;
}

function replaced(text, name, by) {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(^|[\\s(*_~])${quoted}(?![\\w-])`, "giu"), (_, before) => before + by);
}

const INLINE = {
  text: (node) => ({ type: "text", text: node.value }),
  code: (node) => ({ type: "text", text: node.value, style: { code: true } }),
  break: () => ({ type: "text", text: "\n" }),
  emoji: (node) => ({ type: "emoji", name: node.name }),
  user: (node) => ({ type: "user", user_id: node.id }),
  channel: (node) => ({ type: "channel", channel_id: node.id }),
  usergroup: (node) => ({ type: "usergroup", usergroup_id: node.id }),
  broadcast: (node) => ({ type: "broadcast", range: node.range }),
  date: (node) => ({ type: "date", timestamp: node.at, format: node.format, fallback: node.fallback }),
  link: (node) => ({ type: "link", url: node.url }),
};

function rich(node, style = {}) {
  if (INLINE[node.type]) {
    const element = INLINE[node.type](node);
    return [Object.keys(style).length ? { ...element, style: { ...style, ...element.style } } : element];
  }
  return (node.children ?? []).flatMap((child) => rich(child, { ...style, [node.type]: true }));
}

function partOf(part, slack) {
  const words = () => part.elements.map((each) => wordsOf(each, slack)).join("");
  if (part.type === "rich_text_list") {
    const indent = "  ".repeat(part.indent ?? 0);
    return part.elements.map((each, at) => {
      const mark = part.style === "ordered" ? `${at + 1 + (part.offset ?? 0)}.` : "•";
      return `${indent}${mark} ${partOf(each, slack)}`;
    }).join("\n");
  }
  if (part.type === "rich_text_preformatted") return `\`\`\`\n${words()}\n\`\`\``;
  if (part.type === "rich_text_quote") return words().split("\n").map((line) => `> ${line}`).join("\n");
  return words();
}

function wordsOf(element, slack) {
  const said = {
    text: () => element.text, link: () => element.url, emoji: () => `:${element.name}:`, color: () => element.value,
    user: () => `@${personOf(slack, element.user_id)?.name ?? element.user_id}`,
    channel: () => `#${channelOf(slack, element.channel_id)?.name ?? element.channel_id}`,
    broadcast: () => `@${element.range}`, usergroup: () => `@${element.usergroup_id}`,
    date: () => element.fallback ?? "",
  }[element.type]?.() ?? "";
  const has = ([style]) => element.style?.[style] && said.trim();
  return Object.entries({ code: "`", strike: "~", italic: "_", bold: "*" }).filter(has)
    .reduce((words, [, mark]) => `${mark}${words}${mark}`, said);
}

function personOf(slack, id) {
  return slack.people.find((each) => each.id === id);
}

function channelOf(slack, id) {
  return slack.channels.find((each) => each.id === id);
}
