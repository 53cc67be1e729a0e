// “Break it”.

import { find, press } from "../hands.js";
import { composer, keys, newIssue, write } from "./looking.js";

const trouble = () => document.querySelector("#pane-connect details.trouble");
const lose = () => find("connect", ".trouble button", "Lose Jira's answer");
const button = (name) => find("connect", "button", name);
const lost = (state) => state.trouble.once.find((each) => each.name === "jira-lost").state;
const rows = ({ connect }) => [...connect.deliveries, ...connect.integrations];
const pending = (state) => rows(state).some((row) => row.status === "pending");
const missing = ({ connect }) => Object.keys(connect.webhooks.missing).length > 0;
const quiet = (state) => state.connect.up && !pending(state) && !missing(state);

export const BREAK = {
  id: "break",
  title: "Break it",
  about: "Lose an answer, kill connect in the middle: nothing is lost, nothing is done twice.",
  steps: [
    {
      pane: "connect", says: "Open “Make trouble”, and press “Lose Jira's answer”.",
      begin: keys,
      at: () => (trouble()?.open ? lose() : trouble()?.querySelector("summary")),
      does: async (state) => {
        trouble().open = true;
        if (lost(state) !== "waiting") await press(lose);
      },
      done: (state) => lost(state) === "waiting",
    },
    {
      pane: "slack", says: "Ask for an issue: type “/jira create The lamp in the hall flickers” in #general.",
      at: () => composer("general"), does: () => write("general", "/jira create The lamp in the hall flickers"),
      done: (state) => lost(state) === "met",
    },
    {
      pane: "connect",
      says: "Jira made the issue, and connect cannot know. It does not ask twice: it looks for its marker, and finds it.",
      at: () => document.querySelector("#pane-connect .groups li"),
      done: (state, memory) => {
        const made = newIssue(state, memory);
        const row = made && state.connect.integrations.find((each) => each.remote_id === made.key);
        return row?.status === "completed" && quiet(state);
      },
    },
    {
      pane: "connect", says: "Now kill connect, in the middle of whatever it does.",
      at: () => button("Kill connect now"), does: () => press(() => button("Kill connect now")),
      done: (state) => state.connect.state === "down",
    },
    {
      pane: "slack",
      says: "Ask for another one while it is away: write “@connect create The ramp is slippery” in #general.",
      begin: keys, at: () => composer("general"), does: () => write("general", "@connect create The ramp is slippery"),
      done: missing,
    },
    {
      pane: "connect", says: "The webhook waits, and Slack sends it again. Start connect.",
      at: () => button("Start connect"), does: () => press(() => button("Start connect")),
      done: (state) => state.connect.state === "up",
    },
    {
      pane: "connect", says: "connect takes what it missed, and does it once: look at the tally.",
      at: () => document.querySelector("#pane-connect .tally"),
      done: (state, memory) => Boolean(newIssue(state, memory)) && quiet(state),
    },
  ],
};
