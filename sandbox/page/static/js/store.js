// The page's state: what the server says each pane shows, and what the visitor has chosen (`ui`). One redraw for any
// change.

export const state = {
  page: null, slack: null, jira: null, github: null, connect: null, trouble: null,
  live: false, // whether the stream is open
  ui: {
    me: "", // who the visitor is in Slack
    toasts: [], // sentences that go away by themselves
  },
};

const listeners = new Set();
let asked = false;

/** Call `listener` after each change, at most once a frame. */
export function onChange(listener) {
  listeners.add(listener);
}

/** Draw again soon. */
export function changed() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    for (const listener of listeners) listener(state);
  });
}

/** Change what the visitor has chosen. */
export function set(changes) {
  Object.assign(state.ui, changes);
  changed();
}

/** Open the stream: every event holds the whole of what one pane shows. The browser reconnects by itself. */
export function listen() {
  const stream = new EventSource("/stream");
  stream.addEventListener("page", (event) => begun(JSON.parse(event.data)));
  for (const pane of ["slack", "jira", "github", "connect", "trouble"]) {
    stream.addEventListener(pane, (event) => {
      state[pane] = JSON.parse(event.data);
      state.live = true;
      changed();
    });
  }
  stream.addEventListener("error", () => {
    state.live = false;
    changed();
  });
}

/** Another round has other people, channels and ids: nothing of what the visitor looked at is there any more. */
function begun(page) {
  if (state.page && state.page.started !== page.started) location.reload();
  state.page = page;
}

/** Do something (`"slack/say"`); returns its result, or says why not and returns undefined. */
export async function act(name, given = {}) {
  try {
    const answer = await fetch(`/do/${name}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given),
    });
    const said = await answer.json();
    if (answer.ok) return said.result ?? null;
    toast(said.error);
  } catch {
    toast("The sandbox does not answer. Is `make demo` still running?");
  }
  return undefined;
}

/** Show a sentence for a few seconds. */
export function toast(text) {
  const shown = { text };
  set({ toasts: [...state.ui.toasts, shown] });
  setTimeout(() => set({ toasts: state.ui.toasts.filter((each) => each !== shown) }), 6000);
}
