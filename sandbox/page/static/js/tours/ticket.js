// “Ticket from a message”.

import { find, press } from "../hands.js";
import {
  after, composer, issue, issueOnShow, jiraCard, keys, message, moveTo, newIssue, newest, openIssue, over, write,
} from "./looking.js";

const menu = () => document.querySelector('[role="menu"][aria-label="Message actions"]');
const items = () => [...(menu()?.querySelectorAll("[role=menuitem]") ?? [])];
const item = () => items().find((each) => each.textContent.includes("Create Jira issue"));
const form = () => document.querySelector('#pane-slack [role="dialog"]');
const button = () => form()?.querySelector("footer button.primary");

export const TICKET = {
  id: "ticket",
  title: "Ticket from a message",
  about: "Somebody complains in Slack, and it becomes an issue in Jira.",
  steps: [
    {
      pane: "slack", says: "Write in #general what is broken, and press Enter.",
      begin: (state) => ({ since: newest(state, "general") }),
      at: () => composer("general"),
      does: () => write("general", "The coffee machine on floor 2 is leaking again."),
      done: (state, memory) => {
        const said = after(state, "general", memory.since, { byConnect: false });
        return said && { ts: said.ts };
      },
    },
    {
      pane: "slack", says: "Point at your message and open its menu (More actions).",
      at: (_, { ts }) => over(ts, "More actions"),
      does: (_, { ts }) => press(() => message(ts)?.querySelector('.toolbar button[aria-label="More actions"]')),
      done: () => Boolean(menu() || form()),
    },
    {
      pane: "slack", says: "Choose “Create Jira issue”: connect answers with a form at once.",
      at: (_, { ts }) => item() ?? message(ts),
      does: async (_, { ts }) => {
        if (!menu()) await press(() => message(ts)?.querySelector('.toolbar button[aria-label="More actions"]'));
        await press(item);
      },
      done: () => Boolean(button()),
    },
    {
      pane: "slack", says: "The form is filled in from your message. Send it.",
      begin: keys, at: button, does: () => press(button),
      done: (state, memory) => {
        const made = newIssue(state, memory);
        return made && { key: made.key };
      },
    },
    {
      pane: "slack", says: "The form shows the link to the new issue. Close it.",
      at: () => form()?.querySelector("header .close"),
      does: () => press(() => form()?.querySelector("header .close")),
      done: () => !form(),
    },
    {
      pane: "slack", says: "Your message has a thread now: the issue's card stands in it. Open the thread.",
      at: (_, { ts }) => over(ts, "Reply in thread"),
      does: (_, { ts }) => press(() => message(ts)?.querySelector('.toolbar button[aria-label="Reply in thread"]')),
      done: (state, { ts, key }) => document.querySelector('#pane-slack [aria-label="Thread"] .messages')
        && after(state, "general", ts, { byConnect: true, words: key }),
    },
    {
      pane: "jira", says: "Jira has the issue, with a link back to your message. Open it.",
      at: (_, { key }) => jiraCard(key), does: (_, { key }) => openIssue(key), done: (_, { key }) => issueOnShow(key),
    },
    {
      pane: "jira", says: "Somebody begins to work on it: set its status to In Progress, and watch the card in Slack.",
      at: () => find("jira", "select", "Status"),
      does: (_, { key }) => moveTo(key, "In Progress"),
      done: (state, { key, ts }) => issue(state, key).status !== "To Do"
        && after(state, "general", ts, { byConnect: true, words: issue(state, key).status }),
    },
  ],
};
