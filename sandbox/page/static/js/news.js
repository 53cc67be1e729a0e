// On a phone one pane is on show; the tabs of the others are marked where something happened since.

const looked = {};
const shown = {};

/** The visitor looks at this pane now. */
export function seen(state, pane) {
  for (const id of ["slack", "jira", "github", "connect"]) {
    shown[id] = state[id];
    if (id === pane || !looked[id]) looked[id] = state[id];
  }
}

/** Whether something happened in a pane since it was looked at. */
export function isNew(pane) {
  return Boolean(looked[pane]) && looked[pane] !== shown[pane];
}
