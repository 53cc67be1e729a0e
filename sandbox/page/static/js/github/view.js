// What the visitor looks at in the GitHub pane, and who they are there.

import { act, set, state } from "../store.js";

const START = { me: "octocat", repo: "acme/web", tab: "pulls", number: 0, form: "", editing: 0, filter: "open" };

/** The visitor's choices; `number` is that of an issue, pull request or discussion, `form` what is being made. */
export function githubView() {
  return { ...START, ...state.ui.github };
}

/** Look at something else. */
export function showGithub(changes) {
  const elsewhere = "repo" in changes || "tab" in changes || "number" in changes;
  const left = elsewhere ? { form: "", editing: 0, number: 0, filter: START.filter } : {};
  set({ github: { ...githubView(), ...left, ...changes } });
}

/** Do something on GitHub as whoever the visitor is there, in the repository that they look at. */
export function githubAct(name, given = {}) {
  const { me, repo } = githubView();
  return act(`github/${name}`, { repository: repo, author: me, by: me, ...given });
}

/** The repository that the visitor looks at; the first one if theirs has another name by now. */
export function seenRepo(github) {
  return github.repositories.find((each) => each.name === githubView().repo) ?? github.repositories[0];
}
