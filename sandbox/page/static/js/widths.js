// The separators between the panes: how wide each pane is, by mouse and by keyboard; kept in the browser.

import { html } from "./lit.js";
import { changed } from "./store.js";

const KEY = "connect.widths";
const START = { slack: 1.7, jira: 1.05, github: 1.05, connect: 0.9 };
const LEAST = 0.35;
const STEP = 0.06;
const widths = { ...START, ...stored() };

/** A pane's share of the width. */
export function widthOf(id) {
  return widths[id];
}

/** What stands between two panes. */
export function separator(left, right) {
  const share = Math.round((100 * widths[left.id]) / (widths[left.id] + widths[right.id]));
  return html`<div class="separator" role="separator" tabindex="0" aria-orientation="vertical"
    aria-label="Between ${left.title} and ${right.title}" aria-controls="pane-${left.id}"
    aria-valuenow=${share} aria-valuemin="0" aria-valuemax="100"
    title="Drag to widen a pane; double-click puts it back"
    @pointerdown=${(event) => dragged(event, left.id, right.id)}
    @keydown=${(event) => keyed(event, left.id, right.id)} @dblclick=${reset}></div>`;
}

function dragged(event, left, right) {
  const bar = event.currentTarget;
  const both = widths[left] + widths[right];
  const pixels = bar.previousElementSibling.offsetWidth + bar.nextElementSibling.offsetWidth;
  const [from, had] = [event.clientX, widths[left]];
  const move = (moved) => widen(left, right, had + ((moved.clientX - from) / pixels) * both);
  bar.setPointerCapture(event.pointerId);
  bar.addEventListener("pointermove", move);
  bar.addEventListener("lostpointercapture", () => bar.removeEventListener("pointermove", move), { once: true });
}

function keyed(event, left, right) {
  const both = widths[left] + widths[right];
  const wanted = {
    ArrowLeft: widths[left] - STEP, ArrowRight: widths[left] + STEP, Home: 0, End: both, Enter: START[left],
  }[event.key];
  if (wanted === undefined) return;
  event.preventDefault();
  widen(left, right, wanted);
}

function widen(left, right, wanted) {
  const both = widths[left] + widths[right];
  widths[left] = Math.max(LEAST, Math.min(both - LEAST, wanted));
  widths[right] = both - widths[left];
  kept();
}

function reset() {
  Object.assign(widths, START);
  kept();
}

function kept() {
  localStorage.setItem(KEY, JSON.stringify(widths));
  changed();
}

function stored() {
  try {
    const given = JSON.parse(localStorage.getItem(KEY));
    return Object.values(given).every((each) => each >= LEAST) && given;
  } catch {
    return {};
  }
}
