// The elements that people use in messages and windows, drawn.
//
// `where` is what they stand in: `{ slack, key, message }` or `{ slack, key, view, errors }`.

import { html, ifDefined, live, nothing } from "../lit.js";
import { combobox } from "./combobox.js";
import { chosenState, use } from "./doing.js";
import { channelsOf, me, ui } from "./here.js";
import { openMenu } from "./menu.js";
import { words } from "./text.js";
import { keep, valueOf } from "./values.js";

/** One element of an actions block, an accessory, or the field of an input block. */
export function element(given, block, where, label = "") {
  const draw = DRAWN[given.type];
  if (!draw) return html`<span class="unknown">A ${given.type}, which this page does not draw.</span>`;
  const failed = ui().failed[`${where.key}/${block.block_id}/${given.action_id}`];
  return html`${draw(given, block, where, label)}
    ${failed ? html`<span class="failed" role="alert">${failed}</span>` : nothing}`;
}

/** What a placeholder or a label says. */
export function said(text, otherwise = "") {
  return text?.text ?? otherwise;
}

/** Choose something: kept for the form, and told to connect where it asked to hear of it. */
export async function choose(given, block, where, value) {
  const before = valueOf(given, block, where);
  keep(given, block, where, value);
  if (block.type === "input" && !block.dispatch_action) return;
  const told = await use(given, block, where, { value: undefined, chosen: chosenState(given, value) });
  if (!told) keep(given, block, where, before);
}

/** The options of a menu, those of its groups too. */
export function optionsOf(given) {
  return (given.option_groups ?? [given]).flatMap((group) => group.options ?? []);
}

const waits = (given, block, where) => Boolean(ui().waiting[`${where.key}/${block.block_id}/${given.action_id}`]);

function button(given, block, where) {
  const busy = waits(given, block, where);
  const look = `kit-button ${given.style ?? ""} ${busy ? "busy" : ""}`;
  const press = () => use(given, block, where);
  if (given.url) {
    return html`<a class=${look} href=${given.url} target="_blank" rel="noopener"
      aria-label=${ifDefined(given.accessibility_label)} @click=${press}>${words(given.text, where.slack)}</a>`;
  }
  return html`<button type="button" class=${look} ?disabled=${busy} aria-busy=${busy}
    aria-label=${ifDefined(given.accessibility_label)} @click=${press}>${words(given.text, where.slack)}</button>`;
}

function overflow(given, block, where) {
  const items = given.options.map((option) => ({
    label: words(option.text, where.slack), note: option.description?.text,
    act: () => {
      if (option.url) window.open(option.url, "_blank", "noopener");
      use(given, block, where, { value: option.value });
    },
  }));
  return html`<button type="button" class="kit-button more" aria-haspopup="menu" aria-label="More options"
    ?disabled=${waits(given, block, where)} @click=${(event) => openMenu(event, "More options", items)}>⋯</button>`;
}

function staticSelect(given, block, where, label) {
  const value = valueOf(given, block, where);
  const options = optionsOf(given);
  const named = (name) => options.find((each) => each.value === name) ?? null;
  const pick = (event) => choose(given, block, where, named(event.target.value));
  const drawn = (list) => list.map((each) => html`
    <option value=${each.value} .selected=${live(each.value === value?.value)}>${each.text.text}</option>`);
  const groups = given.option_groups?.map((group) => html`
    <optgroup label=${group.label.text}>${drawn(group.options)}</optgroup>`);
  return select(given, block, where, label, value !== null, pick, groups ?? drawn(options));
}

function select(given, block, where, label, filled, pick, options) {
  const name = said(given.placeholder, "Select an option");
  const mayEmpty = block.type === "input" && block.optional;
  return html`<select class="kit-select" aria-label=${label || name} ?disabled=${waits(given, block, where)}
    ?autofocus=${given.focus_on_load} @change=${pick}>
    <option value="" .selected=${live(!filled)} ?disabled=${!mayEmpty}>${name}</option>${options}</select>`;
}

function placesSelect(list) {
  return (given, block, where, label) => {
    const value = valueOf(given, block, where);
    const pick = (event) => choose(given, block, where, event.target.value || null);
    const options = list(where.slack).map(([id, name]) => html`
      <option value=${id} .selected=${live(id === value)}>${name}</option>`);
    return select(given, block, where, label, value !== null, pick, options);
  };
}

const people = (slack) => slack.people.map((each) => [each.id, each.name]);
const places = (slack) => {
  const { mine, others } = channelsOf(slack, me(slack));
  return [...mine, ...others].map((each) => [each.id, `#${each.name}`]);
};

function several(list) {
  return (given, block, where, label) => combobox(given, block, where, label, {
    offered: () => list(where.slack).map(([value, text]) => ({ value, text: { type: "plain_text", text } })),
    plain: true,
  });
}

function ticks(kind) {
  return (given, block, where, label) => {
    const value = valueOf(given, block, where);
    const held = (kind === "checkbox" ? value ?? [] : [value]).map((each) => each?.value);
    const pick = (option, on) => {
      if (kind === "radio") return choose(given, block, where, option);
      const left = optionsOf(given).filter((each) => (each === option ? on : held.includes(each.value)));
      return choose(given, block, where, left);
    };
    const name = `${where.key}-${block.block_id}-${given.action_id}`;
    const role = kind === "radio" ? "radiogroup" : "group";
    return html`<div class="ticks" role=${role} aria-label=${ifDefined(label || undefined)}>
      ${optionsOf(given).map((option) => html`<label>
        <input type=${kind} name=${name} .checked=${live(held.includes(option.value))}
          @change=${(event) => pick(option, event.target.checked)} />
        <span>${words(option.text, where.slack)}${option.description
          ? html`<small>${words(option.description, where.slack)}</small>` : nothing}</span></label>`)}</div>`;
  };
}

function picker(type, read = (value) => value, write = (value) => value || null) {
  return (given, block, where, label) => html`<input type=${type} class="kit-input"
    aria-label=${label || said(given.placeholder, type)} .value=${live(read(valueOf(given, block, where)) ?? "")}
    @change=${(event) => choose(given, block, where, write(event.target.value))} />`;
}

function localTime(at) {
  if (!at) return "";
  const date = new Date(at * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const search = (given, block, where, label) => combobox(given, block, where, label, {});

function feedback(given, block, where) {
  const one = (which, sign) => {
    const text = { type: "plain_text", text: sign };
    return button({ ...given, ...given[which], type: "button", text }, block, where);
  };
  return html`${one("positive_button", "👍")}${one("negative_button", "👎")}`;
}

const DRAWN = {
  button,
  workflow_button: button,
  icon_button: (given, block, where) => button({ ...given, style: "quiet" }, block, where),
  feedback_buttons: feedback,
  image: (given) => html`<img class="thumb" src=${given.image_url ?? ""} alt=${given.alt_text} loading="lazy" />`,
  overflow,
  static_select: staticSelect,
  users_select: placesSelect(people),
  channels_select: placesSelect(places),
  conversations_select: placesSelect(places),
  external_select: search,
  multi_external_select: search,
  multi_static_select: (given, block, where, label) =>
    combobox(given, block, where, label, { offered: () => optionsOf(given) }),
  multi_users_select: several(people),
  multi_channels_select: several(places),
  multi_conversations_select: several(places),
  checkboxes: ticks("checkbox"),
  radio_buttons: ticks("radio"),
  datepicker: picker("date"),
  timepicker: picker("time"),
  datetimepicker: picker("datetime-local", localTime, (value) => (value ? Math.floor(new Date(value) / 1000) : null)),
};
