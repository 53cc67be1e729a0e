// A field with a list beneath it that is searched while one types: external menus, and those that take several.

import { html, live, nothing, ref, repeat } from "../lit.js";
import { changed } from "../store.js";
import { lookUp } from "./doing.js";
import { choose, said } from "./elements.js";
import { words } from "./text.js";
import { valueOf } from "./values.js";

const PAUSE = 250;

let open = null; // the one list on show: { key, query, options, at, looking }
let asked = 0;

/** `offered` gives what may be chosen; without it connect is asked. `plain`: values are strings (people, channels). */
export function combobox(given, block, where, label, { offered = null, plain = false }) {
  const box = { given, block, where, offered, plain, key: `${where.key}/${block.block_id}/${given.action_id}` };
  box.several = given.type.startsWith("multi_");
  const held = heldBy(box);
  const shown = open?.key === box.key ? open : null;
  const single = box.several ? "" : (held[0]?.text.text ?? "");
  return html`
    <div class="combobox ${shown ? "open" : ""}" @focusout=${(event) => left(event, box)}>
      ${box.several ? repeat(held, (each) => each.value, (each) => token(box, held, each)) : nothing}
      <input class="kit-input" role="combobox" autocomplete="off"
        aria-label=${label || said(given.placeholder, "Search")} aria-expanded=${Boolean(shown)}
        aria-controls="list-${box.key}" aria-autocomplete="list"
        aria-activedescendant=${shown && shown.at >= 0 ? `${box.key}-${shown.at}` : ""}
        placeholder=${single || said(given.placeholder, "Select an option")}
        .value=${live(shown ? shown.query : single)}
        @focus=${() => begin(box)} @click=${() => begin(box)} @input=${(event) => search(box, event.target.value)}
        @keydown=${(event) => key(event, box, held)} />
      ${!box.several && held.length && block.type === "input" && block.optional
        ? html`<button type="button" class="clear" aria-label="Clear ${label}" @click=${() => set(box, [])}>×</button>`
        : nothing}
      ${shown ? list(box, shown, held) : nothing}
    </div>
  `;
}

function list(box, shown, held) {
  const said_ = shown.looking ? "Looking…" : shown.trouble || (shown.options.length ? "" : hint(box, shown));
  return html`<div class="options" role="listbox" id="list-${box.key}" aria-label="Options" ${ref(inSight)}>
    ${said_ ? html`<p class="note">${said_}</p>` : nothing}
    ${shown.options.map((each, at) => html`
      <div role="option" id="${box.key}-${at}" class=${at === shown.at ? "at" : ""}
        aria-selected=${held.some((one) => one.value === each.value)}
        @mousedown=${(event) => event.preventDefault()} @click=${() => pick(box, each)}>
        ${words(each.text, box.where.slack)}${each.description
          ? html`<small>${words(each.description, box.where.slack)}</small>` : nothing}</div>`)}
  </div>`;
}

function inSight(list) {
  requestAnimationFrame(() => list?.scrollIntoView({ block: "nearest" }));
}

function hint(box, shown) {
  const least = box.given.min_query_length ?? 3;
  if (!box.offered && shown.query.length < least) return `Type ${least} or more letters to search.`;
  return "No results";
}

function token(box, held, each) {
  const remove = () => set(box, held.filter((one) => one.value !== each.value));
  return html`<span class="token">${words(each.text, box.where.slack)}<button type="button"
    aria-label="Remove ${each.text.text}" @click=${remove}>×</button></span>`;
}

function heldBy(box) {
  const value = valueOf(box.given, box.block, box.where);
  const all = value === null ? [] : Array.isArray(value) ? value : [value];
  return box.plain ? box.offered().filter((each) => all.includes(each.value)) : all;
}

function begin(box) {
  if (open?.key === box.key) return;
  open = { key: box.key, query: "", options: [], at: -1, looking: false, trouble: "" };
  search(box, "");
}

function search(box, query) {
  if (open?.key !== box.key) begin(box);
  Object.assign(open, { query, at: -1, trouble: "" });
  if (box.offered) {
    const letters = query.toLowerCase();
    open.options = box.offered().filter((each) => each.text.text.toLowerCase().includes(letters));
  } else {
    later(box, query);
  }
  changed();
}

function later(box, query) {
  asked += 1;
  const mine = asked;
  open.options = [];
  open.looking = query.length >= (box.given.min_query_length ?? 3);
  if (!open.looking) return;
  setTimeout(async () => {
    if (mine !== asked) return;
    const found = await lookUp(box.given, box.where, query);
    if (mine !== asked || open?.key !== box.key) return;
    Object.assign(open, { options: found ?? [], looking: false, trouble: found ? "" : "connect did not respond." });
    changed();
  }, query ? PAUSE : 0);
}

function pick(box, option) {
  const held = heldBy(box);
  const has = held.some((each) => each.value === option.value);
  if (!box.several) return set(box, [option]);
  const most = box.given.max_selected_items ?? Infinity;
  if (!has && held.length >= most) return undefined;
  return set(box, has ? held.filter((each) => each.value !== option.value) : [...held, option], true);
}

function set(box, options, stay = false) {
  if (!stay) open = null;
  else if (open) open.query = "";
  const values = box.plain ? options.map((each) => each.value) : options;
  return choose(box.given, box.block, box.where, box.several ? values : (values[0] ?? null));
}

function left(event, box) {
  if (event.currentTarget.contains(event.relatedTarget) || open?.key !== box.key) return;
  open = null;
  changed();
}

function key(event, box, held) {
  if (event.key === "Escape" && open) {
    event.stopPropagation();
    open = null;
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    begin(box);
    const count = open.options.length;
    if (count) open.at = (open.at + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (open?.options[open.at]) pick(box, open.options[open.at]);
  } else if (event.key === "Backspace" && box.several && !event.target.value && held.length) {
    set(box, held.slice(0, -1), true);
  }
  changed();
}
