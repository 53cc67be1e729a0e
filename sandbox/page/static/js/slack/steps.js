// A step of a workflow, run as Workflow Builder would run it: a small form made from what the manifest declares.

import { html, live, nothing, repeat } from "../lit.js";
import { state, toast } from "../store.js";
import { doing } from "./doing.js";
import { channelsOf, look, me, ui } from "./here.js";
import { toRich } from "./typed.js";

/** Open the form of a step. */
export function startStep(step, place) {
  look({ step: { step, values: {}, options: {}, execution: "", channel: place.kind === "im" ? "" : place.id } });
}

/** The form that is open, if any. */
export function stepForm(slack) {
  const { step: open } = ui();
  if (!open) return nothing;
  const end = () => look({ step: null });
  const sent = (event) => {
    event.preventDefault();
    run(open);
  };
  return html`<div class="backdrop"><form class="modal" role="dialog" aria-modal="true" aria-label=${open.step.title}
      @submit=${sent} @keydown=${(event) => event.key === "Escape" && end()}>
    <header><h2>${open.step.title}</h2>
      <button type="button" class="close" aria-label="Close" @click=${end}>×</button></header>
    <div class="content">
      <p class="hint">${open.step.description}. A workflow reaches this step in the name of ${me(slack).name}.</p>
      ${repeat(open.step.inputs, (each) => each.name, (each) => input(slack, open, each))}
    </div>
    ${outcome(slack, open)}
    <footer><button type="button" class="kit-button" @click=${end}>Close</button>
      <button class="kit-button primary" ?disabled=${Boolean(open.busy)}>Run step</button></footer>
  </form></div>`;
}

function input(slack, open, given) {
  const label = given.required ? given.title : html`${given.title}<span class="optional"> (optional)</span>`;
  return html`<label class="s-field"><span class="s-label">${label}</span>${control(slack, open, given)}
    <span class="hint">${given.description}</span></label>`;
}

function control(slack, open, given) {
  const value = open.values[given.name] ?? "";
  const keep = (event) => {
    open.values[given.name] = event.target.type === "checkbox" ? event.target.checked : event.target.value;
    look({});
  };
  if (given.options) return dynamic(open, given, value, keep);
  const kind = given.type.replace("slack#/types/", "");
  if (kind === "user_id") return select(slack.people.map((each) => [each.id, each.name]), value, keep, given);
  if (kind === "channel_id") {
    const { mine, others } = channelsOf(slack, me(slack));
    return select([...mine, ...others].map((each) => [each.id, `#${each.name}`]), value, keep, given);
  }
  if (kind === "boolean") return html`<input type="checkbox" .checked=${live(value === true)} @change=${keep} />`;
  if (kind === "rich_text") {
    return html`<textarea class="kit-input" rows="3" .value=${live(value)} ?required=${given.required}
      @input=${keep}></textarea>`;
  }
  const type = { integer: "number", date: "date" }[kind] ?? "text";
  return html`<input class="kit-input" type=${type} .value=${live(value)} ?required=${given.required}
    @input=${keep} />`;
}

function select(options, value, keep, given) {
  return html`<select class="kit-select" ?required=${given.required} @change=${keep}>
    <option value="" .selected=${live(!value)}>${given.required ? "Choose" : "Nothing"}</option>
    ${options.map(([id, name]) => html`<option value=${id} .selected=${live(id === value)}>${name}</option>`)}
  </select>`;
}

function dynamic(open, given, value, keep) {
  const list = `step-${open.step.id}-${given.name}`;
  const ask = (query) => lookUp(open, given, query);
  const typed = (event) => {
    keep(event);
    ask(event.target.value);
  };
  const options = (open.options[given.name] ?? []).map(([name, id]) => html`<option value=${id}>${name}</option>`);
  return html`<input class="kit-input" list=${list} autocomplete="off" .value=${live(value)} ?required=${given.required}
      @focus=${(event) => ask(event.target.value)} @input=${typed} />
    <datalist id=${list}>${options}</datalist>`;
}

async function lookUp(open, given, query) {
  const found = await doing("choices", { function: open.step.id, input: given.name, query, filled: filledIn(open) });
  if (found) open.options[given.name] = found;
  look({});
}

async function run(open) {
  look({ step: { ...open, busy: true } });
  const execution = await doing("step", { function: open.step.id, inputs: filledIn(open) });
  const now = ui().step;
  if (now) look({ step: { ...now, busy: false, execution: execution ?? "" } });
  if (execution) toast("The workflow has reached the step.");
}

function filledIn(open) {
  const given = open.step.inputs.filter((each) => ![undefined, "", null].includes(open.values[each.name]));
  return Object.fromEntries(given.map((each) => [each.name, valued(each, open.values[each.name])]));
}

function valued(given, value) {
  const kind = given.type.replace("slack#/types/", "");
  if (kind === "integer") return Number(value);
  if (kind === "array") return value.split(",").map((each) => each.trim()).filter(Boolean);
  if (kind === "message_context") return messageContext(value);
  return kind === "rich_text" ? [toRich(value, state.slack)] : value;
}

function messageContext(link) {
  const found = /archives\/(\w+)\/p(\d{10})(\d{6})/.exec(link);
  return found ? { channel_id: found[1], message_ts: `${found[2]}.${found[3]}` } : { message_ts: link };
}

function outcome(slack, open) {
  const step = slack.steps[open.execution];
  if (!step) return nothing;
  if (step.state === "running") return html`<p class="s-outcome" role="status">The step is running…</p>`;
  if (step.state === "failed") return html`<p class="s-outcome bad" role="status">The step failed: ${step.error}</p>`;
  const outputs = Object.entries(step.outputs ?? {});
  return html`<div class="s-outcome good" role="status"><p>The step is done and hands on:</p>
    <dl>${outputs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${said(value)}</dd></div>`)}</dl></div>`;
}

function said(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
