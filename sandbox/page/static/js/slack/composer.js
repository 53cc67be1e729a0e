// Where one writes: plain text in Slack's markup, with commands, people and channels offered while one types.

import { html, live, nothing } from "../lit.js";
import { toast } from "../store.js";
import { command, doing, shortcut } from "./doing.js";
import { look, me, nameOf, slackbot, ui } from "./here.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { offers } from "./offers.js";
import { startStep } from "./steps.js";
import { resolve } from "./typed.js";

const MOST_BYTES = 500_000;

/** The composer of a channel, or of a thread in it. */
export function composer(slack, place, thread = "") {
  const key = `${me(slack).id}/${place.id}/${thread}`;
  const draft = (ui().drafts[key] ??= { text: "", caret: 0, at: -1, quiet: false, broadcast: false, files: [] });
  const offered = draft.quiet ? [] : offers(slack, draft.text, draft.caret, thread);
  const name = thread ? "Reply…" : `Message ${place.kind === "im" ? "" : "#"}${nameOf(place)}`;
  const field = (event) => typed(draft, event.target);
  const sent = (event) => {
    event.preventDefault();
    send(slack, place, thread, draft);
  };
  return html`<form class="composer" @submit=${sent}>
    ${offered.length ? list(draft, offered, thread) : nothing}
    <textarea rows=${Math.min(8, draft.text.split("\n").length)} aria-label=${name} placeholder=${name}
      aria-autocomplete="list" .value=${live(draft.text)} @input=${field} @click=${field}
      @keydown=${(event) => pressed(event, slack, place, thread, draft, offered)}></textarea>
    ${draft.files.map((each) => html`<span class="token">${each.name}<button type="button"
      aria-label="Remove ${each.name}" @click=${() => detach(draft, each)}>×</button></span>`)}
    <div class="s-bar">
      <button type="button" aria-label="Shortcuts" title="Shortcuts" aria-haspopup="menu"
        @click=${(event) => openMenu(event, "Shortcuts", items(slack, place))}>${icon("bolt")}</button>
      <label class="attach" title="Attach files">${icon("clip")}<input type="file" multiple aria-label="Attach files"
        @change=${(event) => attach(draft, event.target)} /></label>
      ${thread ? html`<label><input type="checkbox" .checked=${live(draft.broadcast)}
        @change=${(event) => { draft.broadcast = event.target.checked; look({}); }} />
        Also send to ${place.kind === "im" ? "the conversation" : `#${place.name}`}</label>` : nothing}
      <button class="send" aria-label="Send" title="Send" ?disabled=${isEmpty(draft)}>${icon("send")}</button>
    </div>
  </form>`;
}

function list(draft, offered, thread) {
  return html`<div class="offers" role="listbox" aria-label="Suggestions">
    ${offered.map((each, at) => html`<div role="option" aria-selected=${at === chosenAt(draft, offered)}
      class=${at === chosenAt(draft, offered) ? "at" : ""} @mousedown=${(event) => event.preventDefault()}
      @click=${(event) => take(draft, each, event.currentTarget.closest("form").querySelector("textarea"))}>
      <strong>${each.label}</strong> <span>${each.hint ?? ""}</span><small>${each.note ?? ""}</small></div>`)}
    ${thread ? nothing : html`<p class="note">↑ ↓ to choose, Tab to take over, Esc to close</p>`}
  </div>`;
}

function chosenAt(draft, offered) {
  return draft.at < 0 && offered[0].eager ? 0 : draft.at;
}

function typed(draft, field) {
  const changedText = draft.text !== field.value;
  Object.assign(draft, { text: field.value, caret: field.selectionEnd });
  if (changedText) Object.assign(draft, { at: -1, quiet: false });
  look({});
}

function take(draft, offer, field) {
  const rest = draft.text.slice(draft.caret);
  draft.text = draft.text.slice(0, offer.from) + offer.insert + rest;
  draft.caret = offer.from + offer.insert.length;
  draft.at = -1;
  look({});
  field.focus();
  requestAnimationFrame(() => field.setSelectionRange(draft.caret, draft.caret));
}

function pressed(event, slack, place, thread, draft, offered) {
  const at = offered.length ? chosenAt(draft, offered) : -1;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && offered.length) {
    event.preventDefault();
    draft.at = (Math.max(at, step > 0 ? -1 : 0) + step + offered.length) % offered.length;
    look({});
  } else if (offered.length && (event.key === "Tab" || (event.key === "Enter" && at >= 0)) && !event.shiftKey) {
    event.preventDefault();
    take(draft, offered[Math.max(at, 0)], event.target);
  } else if (event.key === "Escape" && offered.length) {
    event.stopPropagation();
    draft.quiet = true;
    look({});
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    typed(draft, event.target);
    send(slack, place, thread, draft);
  }
}

function send(slack, place, thread, draft) {
  const text = draft.text.trim();
  if (isEmpty(draft)) return;
  Object.assign(draft, { text: "", caret: 0, at: -1 });
  look({});
  if (/^\/\w/.test(text)) commanded(slack, place, thread, text);
  else say(slack, place, thread, text, draft);
}

function isEmpty(draft) {
  return !draft.text.trim() && !draft.files.length;
}

async function attach(draft, field) {
  const chosen = [...field.files].filter((each) => each.size <= MOST_BYTES);
  if (chosen.length < field.files.length) toast("A file may have up to 500 kB here. Choose a smaller one.");
  field.value = "";
  const read = chosen.map(async (each) => ({ name: each.name, content: encoded(await each.arrayBuffer()) }));
  draft.files = [...draft.files, ...(await Promise.all(read))];
  look({});
}

function detach(draft, file) {
  draft.files = draft.files.filter((each) => each !== file);
  look({});
}

function encoded(buffer) {
  return btoa([...new Uint8Array(buffer)].map((each) => String.fromCharCode(each)).join(""));
}

async function say(slack, place, thread, text, draft) {
  const broadcast = draft.broadcast && Boolean(thread);
  const { files } = draft;
  Object.assign(draft, { broadcast: false, files: [] });
  const sent = await doing("say", { channel: place.id, text: resolve(text, slack), thread, broadcast, files });
  if (sent === undefined && isEmpty(draft)) Object.assign(draft, { text, files });
  look({});
}

function commanded(slack, place, thread, text) {
  const [, name, rest] = /^(\/\S+)\s*([^]*)$/.exec(text);
  const known = slack.commands.find((each) => each.command === name);
  const user = me(slack).id;
  if (!known) {
    const others = slack.commands.map((each) => `\`${each.command}\``).join(", ");
    return slackbot(user, place.id, `\`${name}\` is not a valid command. Those of connect are ${others}.`, thread);
  }
  if (thread) return slackbot(user, place.id, `\`${name}\` is not supported in threads. Sorry!`, thread);
  return command(place, name, known.should_escape ? resolve(rest, slack, { labels: true }) : rest);
}

function items(slack, place) {
  if (me(slack).role === "stranger") return ["People of another company have no shortcuts here."];
  const global = slack.shortcuts.filter((each) => each.type === "global");
  return [
    "Shortcuts",
    ...global.map((each) => ({ label: each.name, note: each.description, act: () => shortcut(each.callback_id) })),
    { label: "Run a workflow step…", note: "As Workflow Builder reaches it", more: () => steps(slack, place) },
  ];
}

function steps(slack, place) {
  const offered = slack.functions.map((each) => ({
    label: each.title, note: each.description, act: () => startStep(each, place),
  }));
  return ["Run a workflow step", ...offered];
}
