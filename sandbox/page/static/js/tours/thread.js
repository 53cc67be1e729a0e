// “Two-way thread”.

import { find, press, type } from "../hands.js";
import {
  after, channel, composer, issue, issueOnShow, jiraCard, keys, moveTo, newIssue, newest, openIssue, openThreadOf, over,
  send, threadOnShow, write,
} from "./looking.js";

const reply = () => find("slack", "textarea", "Reply…");
const comment = () => find("jira", "textarea", "Add a comment");
const said = (state) => channel(state, "general").messages;
const replies = (state, ts) => said(state).filter((each) => each.thread_ts === ts && each.ts !== ts);
const shows = (message, words) => JSON.stringify(message).includes(words);

export const THREAD = {
  id: "thread",
  title: "Two-way thread",
  about: "The thread in Slack and the issue in Jira hear each other.",
  steps: [
    {
      pane: "slack", says: "Type “/jira create The door of the server room squeaks” in #general, and press Enter.",
      begin: (state) => ({ since: newest(state, "general"), ...keys(state) }),
      at: () => composer("general"),
      does: () => write("general", "/jira create The door of the server room squeaks"),
      done: (state, memory) => {
        const made = newIssue(state, memory);
        const card = made && after(state, "general", memory.since, { byConnect: true, words: made.key });
        return card && { key: made.key, ts: card.thread_ts ?? card.ts };
      },
    },
    {
      pane: "slack", says: "Jira has the issue, and its card stands in #general. Open the card's thread.",
      at: (_, { ts }) => over(ts, "Reply in thread"), does: (_, { ts }) => openThreadOf("general", ts),
      done: (_, { ts }) => threadOnShow() === ts,
    },
    {
      pane: "slack", says: "Reply in the thread: your words become a comment in Jira.",
      begin: (state) => ({ counts: state.jira.issues.map((each) => [each.key, each.comments.length]) }),
      at: reply,
      does: async (_, { ts }) => {
        if (threadOnShow() !== ts) await openThreadOf("general", ts);
        await type(reply, "I have some oil. Who has the key?");
        await send(reply);
      },
      done: (state, { key, counts }) => issue(state, key).comments.length > new Map(counts).get(key),
    },
    {
      pane: "jira", says: "Open the issue in Jira: the comment is there, in your name.",
      at: (_, { key }) => jiraCard(key), does: (_, { key }) => openIssue(key), done: (_, { key }) => issueOnShow(key),
    },
    {
      pane: "jira", says: "Answer in Jira: write a comment. It arrives in the thread.",
      begin: (state) => ({ replies: Object.fromEntries(
        said(state).map((each) => [each.ts, replies(state, each.ts).length])) }),
      at: comment,
      does: async (_, { key }) => {
        if (!issueOnShow(key)) await openIssue(key);
        await type(comment, "The key hangs in room 5.");
        await press(() => comment()?.form.querySelector("button.primary"));
      },
      done: (state, { ts, replies: before }) => replies(state, ts).length > (before[ts] ?? 0),
    },
    {
      pane: "jira", says: "Set the status to In Progress: the card is edited in place, and the thread says who did it.",
      at: () => find("jira", "select", "Status"), does: (_, { key }) => moveTo(key, "In Progress"),
      done: (state, { key, ts }) => issue(state, key).status !== "To Do"
        && shows(said(state).find((each) => each.ts === ts), issue(state, key).status),
    },
  ],
};
