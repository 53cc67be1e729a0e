// Windows: connect's modals, up to three on top of each other, and the small questions of Slack itself.

import { html, keyed, nothing, ref, repeat } from "../lit.js";
import { blocks } from "./blocks.js";
import { close, submit } from "./doing.js";
import { me, ui } from "./here.js";
import { words } from "./text.js";

const seen = new Set();
let before = null; // what had the focus before a window took it

/** The person's windows; the last one can be used. */
export function modals(slack) {
  const screen = slack.screens[me(slack).id] ?? { modals: [], errors: {} };
  return html`
    ${repeat(screen.modals, (view) => view.id, (view, at) => {
      const top = at === screen.modals.length - 1;
      return html`<div class="backdrop ${top ? "" : "under"}" ?inert=${!top}>${modal(slack, view, screen, at)}</div>`;
    })}
    ${confirmation(slack)}
  `;
}

/** How many windows the person has open. */
export function anyWindow(slack) {
  const { dialog, step } = ui();
  return Boolean(dialog || step || slack.screens[me(slack).id]?.modals.length);
}

/** When the last window is gone, what had the focus before has it again. */
export function keepFocus(open) {
  if (open && !before) before = { field: document.activeElement };
  if (open || !before) return;
  const { field } = before;
  before = null;
  requestAnimationFrame(() => {
    if (document.activeElement === document.body && field?.isConnected) field.focus();
  });
}

function modal(slack, view, screen, at) {
  const where = { slack, key: view.id, view, errors: screen.errors[view.id] };
  const waits = Boolean(ui().waiting[view.id]);
  const failed = ui().failed[view.id];
  const shut = () => close(view);
  const send = (event) => {
    event.preventDefault();
    if (!waits) submit(view);
  };
  return html`<form class="modal" role="dialog" aria-modal="true" aria-label=${view.title.text} novalidate
      @submit=${send} @keydown=${(event) => keys(event, shut)} ${ref((form) => focusFirst(form, view.id))}>
    <header>
      <h2>${at ? html`<button type="button" class="back" aria-label="Back" @click=${shut}>‹</button>` : nothing}
        ${words(view.title, slack)}</h2>
      <button type="button" class="close" aria-label="Close" @click=${shut}>×</button>
    </header>
    ${failed ? html`<p class="banner" role="alert">${failed}</p>` : nothing}
    <div class="content">${blocks(view.blocks, where)}</div>
    ${view.submit || view.close ? html`<footer>
      <button type="button" class="kit-button" @click=${shut}>
        ${view.close ? words(view.close, slack) : "Cancel"}</button>
      ${view.submit ? html`<button class="kit-button primary ${waits ? "busy" : ""}" ?disabled=${waits}
        aria-busy=${waits}>${words(view.submit, slack)}</button>` : nothing}</footer>` : nothing}
  </form>`;
}

function keys(event, shut) {
  if (event.key === "Escape") shut();
  else if (event.key === "Enter" && event.target.matches("input:not([role=combobox])") && event.defaultPrevented) {
    event.stopPropagation();
  }
}

function focusFirst(form, id) {
  if (form) queueMicrotask(() => holdFocus(form));
  if (!form || seen.has(id)) return;
  queueMicrotask(() => {
    const field = form.querySelector("[autofocus]") ?? form.querySelector(".content :is(input, textarea, select)");
    const idle = !form.contains(document.activeElement) || document.activeElement.closest("header");
    // A window that says "one moment" has no field yet: the focus waits at its head for the first one.
    if (field) seen.add(id);
    if (idle) (field ?? form.querySelector(".close")).focus();
  });
}

// What is redrawn away takes the focus with it, and Escape would reach nobody.
function holdFocus(form) {
  if (document.activeElement === document.body && !form.closest("[inert]")) form.querySelector(".close")?.focus();
}

function confirmation(slack) {
  const { dialog } = ui();
  if (!dialog?.confirm) return nothing;
  const { confirm, answer } = dialog;
  const focus = ref((button) => button && queueMicrotask(() => button.focus()));
  return keyed(dialog, html`<div class="backdrop front"><div class="modal small" role="alertdialog" aria-modal="true"
      aria-label=${confirm.title.text} @keydown=${(event) => event.key === "Escape" && answer(false)}>
    <header><h2>${words(confirm.title, slack)}</h2></header>
    <div class="content"><p>${words(confirm.text, slack)}</p></div>
    <footer>
      <button type="button" class="kit-button" @click=${() => answer(false)}>${words(confirm.deny, slack)}</button>
      <button type="button" class="kit-button ${confirm.style === "danger" ? "danger" : "primary"}"
        @click=${() => answer(true)} ${focus}>${words(confirm.confirm, slack)}</button></footer>
  </div></div>`);
}
