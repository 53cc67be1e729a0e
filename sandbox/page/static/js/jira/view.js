// What the visitor looks at in the Jira pane, and who they are there.

import { act, set, state } from "../store.js";

const START = { me: "Ada Lovelace", project: "OPS", view: "board", key: "", editing: "", dragged: "", tab: "comments" };

/** The visitor's choices: `view` is `board`, `issue`, `create` or `plan`. */
export function jiraView() {
  return { ...START, ...state.ui.jira };
}

/** Look at something else. */
export function showJira(changes) {
  const left = "key" in changes || "view" in changes ? { editing: "", tab: START.tab } : {};
  set({ jira: { ...jiraView(), ...left, ...changes } });
}

/** Do something in Jira as whoever the visitor is there. */
export function jiraAct(name, given) {
  return act(`jira/${name}`, { actor: jiraView().me, ...given });
}
