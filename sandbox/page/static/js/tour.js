// Guided tours: one sentence a step, a ring around what it is about, done by the visitor or for them.

import { html, nothing } from "./lit.js";
import { act, changed, set, state, toast } from "./store.js";
import { become, look, me } from "./slack/here.js";
import { TOURS } from "./tours/all.js";

const LOOK_MS = 120;
let ringed = null;

/** The menu from which tours begin. */
export function toursMenu() {
  const { progress = {} } = state.ui;
  return html`
    <details class="tours" @keydown=${(event) => event.key === "Escape" && shut(event.currentTarget)}>
      <summary>Guided tours</summary>
      <ul>${TOURS.map(({ id, title, about }) => html`
        <li><button @click=${(event) => { shut(event.currentTarget.closest("details")); begin(id); }}>
          <b>${title}</b> ${words(progress[id], id)}<small>${about}</small></button></li>`)}
      </ul>
    </details>
  `;
}

/** What the tour that is on says now. */
export function tourStrip() {
  const { tour } = state.ui;
  if (!tour) return nothing;
  const { title, steps } = tourOf(tour);
  const step = steps[tour.at];
  return html`
    <aside class="tour" aria-label="Tour: ${title}">
      <p class="where"><b>${title}</b> <span>${step ? `Step ${tour.at + 1} of ${steps.length}` : "Done"}</span>
        <progress max=${steps.length} value=${tour.at} aria-label="Progress of the tour"></progress></p>
      <p class="says" role="status">${step ? step.says : "That was it. Look around, or take another tour."}</p>
      <div class="buttons">
        ${step ? forward(tour, step) : nothing}
        <button class="plain" @click=${leave}>${step ? "Leave the tour" : "Close"}</button>
      </div>
    </aside>
    ${step ? html`<div class="ring" hidden aria-hidden="true"></div>` : nothing}
  `;
}

// A step that is only to be looked at waits until the visitor has read it.
function forward(tour, step) {
  return step.does
    ? html`<button class="plain go" ?disabled=${tour.busy} @click=${doIt}>Do it for me</button>`
    : html`<button class="plain go" ?disabled=${!step.done(state, tour.memory)} @click=${advance}>Go on</button>`;
}

/** Watch the state for steps that are done, and keep the ring where it belongs. */
export function watchTours() {
  setInterval(() => {
    if (!state.ui.tour) return;
    if (tourOf(state.ui.tour).steps[state.ui.tour.at]?.does) advance();
    encircle();
  }, LOOK_MS);
  window.addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, [role=dialog], [role=menu]");
    if (event.key === "Escape" && state.ui.tour && !busy && !event.defaultPrevented) leave();
  });
}

function tourOf({ id }) {
  return TOURS.find((each) => each.id === id);
}

async function begin(id) {
  if (state.connect?.state === "down") await act("trouble/start");
  if (state.trouble?.switches.some((each) => each.on)) await act("trouble/all-clear");
  const kept = state.ui.progress?.[id];
  const resumed = kept && kept.at < tourOf({ id }).steps.length;
  if (me(state.slack).role !== "admin") become(state.slack.people.find((each) => each.role === "admin").id);
  if (!resumed) look({ thread: "", object: null });
  enter({ id, at: 0, memory: {}, ...(resumed ? kept : {}), busy: false });
}

function enter(tour) {
  const step = tourOf(tour).steps[tour.at];
  const memory = { ...tour.memory, ...(step?.begin?.(state) ?? {}) };
  const kept = { ...tour, memory };
  const { id, at } = kept;
  const alone = state.ui.alone && step ? "" : state.ui.alone;
  const progress = { ...state.ui.progress, [id]: { at, memory } };
  set({ tour: kept, alone, pane: step?.pane ?? state.ui.pane, progress });
}

function advance() {
  const { tour } = state.ui;
  const done = tourOf(tour).steps[tour.at]?.done(state, tour.memory);
  if (!done) return;
  const memory = { ...tour.memory, ...(typeof done === "object" ? done : {}) };
  enter({ ...tour, at: tour.at + 1, memory, busy: false });
}

async function doIt() {
  const { tour } = state.ui;
  tour.busy = true;
  changed();
  try {
    await tourOf(tour).steps[tour.at].does(state, tour.memory);
  } catch (error) {
    toast(`This step could not be done for you: ${error.message}. Do it yourself, or leave the tour.`);
  }
  tour.busy = false;
  changed();
}

function leave() {
  ringed = null;
  set({ tour: null });
}

function encircle() {
  const { tour } = state.ui;
  const ring = document.querySelector(".ring");
  const target = tour && tourOf(tour).steps[tour.at]?.at(state, tour.memory);
  const shown = target && target.getClientRects().length > 0;
  if (!ring) return;
  ring.hidden = !shown;
  if (!shown) return;
  if (ringed !== target) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  ringed = target;
  const { left, top, width, height } = target.getBoundingClientRect();
  Object.assign(ring.style, {
    left: `${left - 4}px`, top: `${top - 4}px`, width: `${width + 8}px`, height: `${height + 8}px`,
  });
}

function words(kept, id) {
  if (!kept) return "";
  const { length } = tourOf({ id }).steps;
  return kept.at < length ? html`<i>goes on at step ${kept.at + 1}</i>` : html`<i>✓ taken</i>`;
}

function shut(menu) {
  menu.open = false;
}
