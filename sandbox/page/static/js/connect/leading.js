// From a row to what came of it, in its own pane.

import { openLink } from "../links.js";
import { goTo, openThread } from "../slack/here.js";
import { set } from "../store.js";

/** Where a row's result is shown: its pane, and what leads there; null if it is shown nowhere. */
export function targetOf(row, state) {
  for (const id of [row.target_id, row.source_id]) {
    if (/^[A-Z][A-Z0-9_]*-\d+$/.test(id)) return { pane: "jira", address: `${state.jira.url}/browse/${id}` };
    const ticket = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(id);
    if (ticket) return { pane: "github", address: `${state.github.url}/${ticket[1]}/issues/${ticket[2]}` };
    const [, place, ts] = id.split("/");
    const found = state.slack.channels.find((each) => each.id === place);
    if (found) return { pane: "slack", place, ts };
  }
  return null;
}

/** Show it. */
export function lead(target, state) {
  if (target.pane !== "slack") {
    openLink(target.address, state);
    return;
  }
  const place = state.slack.channels.find((each) => each.id === target.place);
  const message = place.messages.find((each) => each.ts === target.ts);
  if (message?.thread_ts && message.thread_ts !== message.ts) openThread(target.place, message.thread_ts);
  else goTo(target.place);
  set({ pane: "slack" });
}
