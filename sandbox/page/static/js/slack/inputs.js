// Input blocks: a label, the field, its hint, and what is wrong with it.

import { html, ifDefined, live, nothing } from "../lit.js";
import { use, chosenState } from "./doing.js";
import { element, said } from "./elements.js";
import { ui } from "./here.js";
import { words } from "./text.js";
import { fromRich, toRich } from "./typed.js";
import { keep, valueOf } from "./values.js";

const richTyped = new Map();

/** An input block. */
export function field(block, where) {
  const given = block.element;
  const wrong = problem(block, where);
  const label = block.label.text;
  const draw = TYPED[given.type] ?? element;
  return html`
    <div class="s-field ${wrong ? "wrong" : ""}" data-block=${block.block_id}>
      <span class="s-label">${words(block.label, where.slack)}${block.optional
        ? html`<span class="optional"> (optional)</span>` : nothing}</span>
      ${draw(given, block, where, label)}
      ${wrong ? html`<p class="problem" role="alert">${wrong}</p>` : nothing}
      ${block.hint ? html`<p class="hint">${words(block.hint, where.slack)}</p>` : nothing}
    </div>
  `;
}

function problem(block, where) {
  if (ui().failed[`missing/${where.key}`]?.includes(block.block_id) && isEmpty(block, where)) {
    return "Please complete this required field.";
  }
  return where.errors?.[block.block_id] ?? lengthProblem(block, where);
}

function isEmpty(block, where) {
  const value = valueOf(block.element, block, where);
  return value === null || value === "" || (Array.isArray(value) && !value.length);
}

function lengthProblem(block, where) {
  const value = valueOf(block.element, block, where);
  const { max_length: most, type } = block.element;
  if (type !== "plain_text_input" || !most || (value ?? "").length <= most) return "";
  return `This field cannot be longer than ${most} characters; ${value.length - most} have to go.`;
}

function input(type, more = {}) {
  return (given, block, where, label) => html`<input type=${type} class="kit-input" aria-label=${label}
    placeholder=${said(given.placeholder)} inputmode=${ifDefined(more.inputmode)}
    maxlength=${ifDefined(given.max_length)} ?autofocus=${given.focus_on_load}
    .value=${live(valueOf(given, block, where) ?? "")}
    @input=${(event) => type_(given, block, where, event.target.value)}
    @keydown=${(event) => entered(event, given, block, where)} />`;
}

function text(given, block, where, label) {
  if (!given.multiline) return input("text")(given, block, where, label);
  return html`<textarea class="kit-input" rows="4" aria-label=${label} placeholder=${said(given.placeholder)}
    maxlength=${ifDefined(given.max_length)} ?autofocus=${given.focus_on_load}
    .value=${live(valueOf(given, block, where) ?? "")}
    @input=${(event) => type_(given, block, where, event.target.value)}></textarea>`;
}

function rich(given, block, where, label) {
  const key = `${where.key}/${block.block_id}/${given.action_id}`;
  const value = valueOf(given, block, where);
  const own = richTyped.get(key);
  const shown = own && own.value === value ? own.text : fromRich(value, where.slack);
  const typed = (event) => {
    const block_ = event.target.value.trim() ? toRich(event.target.value, where.slack) : null;
    richTyped.set(key, { text: event.target.value, value: block_ });
    keep(given, block, where, block_);
  };
  return html`<textarea class="kit-input" rows="5" aria-label=${label} placeholder=${said(given.placeholder)}
    ?autofocus=${given.focus_on_load} .value=${live(shown)} @input=${typed}></textarea>`;
}

function type_(given, block, where, value) {
  keep(given, block, where, value || null);
  const on = given.dispatch_action_config?.trigger_actions_on ?? [];
  if (block.dispatch_action && on.includes("on_character_entered")) dispatch(given, block, where, value);
}

function entered(event, given, block, where) {
  if (event.key !== "Enter" || !block.dispatch_action) return;
  const on = given.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (!on.includes("on_enter_pressed")) return;
  event.preventDefault();
  dispatch(given, block, where, event.target.value);
}

function dispatch(given, block, where, value) {
  return use(given, block, where, { value: undefined, chosen: chosenState(given, value || null) });
}

const TYPED = {
  plain_text_input: text,
  email_text_input: input("email"),
  url_text_input: input("url"),
  number_input: input("text", { inputmode: "decimal" }),
  rich_text_input: rich,
};
