// The one menu that can be open, beside what opened it. Its items are `{ label, note, act, danger }`, with `more` (a
// function) in place of `act` where further items follow, or a heading as text.

import { html, nothing, ref } from "../lit.js";
import { look, ui } from "./here.js";

const WIDTH = 270;

/** Open a menu beside the button that was pressed. */
export function openMenu(event, label, items) {
  const opener = event.currentTarget;
  const { left, top, bottom } = opener.getBoundingClientRect();
  const pane = opener.closest(".pane").getBoundingClientRect();
  const below = innerHeight - bottom > top;
  const x = Math.max(pane.left + 4, Math.min(left, pane.right - WIDTH - 8));
  look({ menu: { label, items, opener, x, y: below ? bottom + 4 : innerHeight - top + 4, below, fresh: true } });
}

/** The menu that is open, if any. */
export function openedMenu() {
  const { menu } = ui();
  if (!menu) return nothing;
  const room = innerHeight - menu.y - 12;
  const place = `${menu.below ? "top" : "bottom"}:${menu.y}px;left:${menu.x}px;max-height:${room}px`;
  return html`
    <div class="slack-veil" @click=${closeMenu}></div>
    <div class="slack-menu" role="menu" aria-label=${menu.label} style=${place} @keydown=${moved} ${ref(focused)}>
      ${menu.items.map((each) => (typeof each === "string" ? html`<p>${each}</p>` : item(each)))}
    </div>
  `;
}

/** Close it; what opened it has the focus again. */
export function closeMenu() {
  ui().menu?.opener.focus?.();
  look({ menu: null });
}

function item(each) {
  const choose = () => {
    if (each.more) return look({ menu: { ...ui().menu, items: each.more(), fresh: true } });
    closeMenu();
    return each.act();
  };
  return html`<button type="button" role="menuitem" class=${each.danger ? "danger" : ""} @click=${choose}>
    <span>${each.label}</span>${each.note ? html`<small>${each.note}</small>` : nothing}</button>`;
}

function focused(menu) {
  if (!menu || !ui().menu?.fresh) return;
  ui().menu.fresh = false;
  queueMicrotask(() => menu.querySelector("[role=menuitem]")?.focus());
}

function moved(event) {
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[to % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu();
  }
}
