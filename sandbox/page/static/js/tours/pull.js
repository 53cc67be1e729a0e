// “A pull request's life”.

import { choose, find, press, type } from "../hands.js";
import { after, channel, composer, newest, openThreadOf, over, threadOnShow, write } from "./looking.js";

const REPOSITORY = "acme/web";
const BRANCH = "a new branch…";

const repository = (state) => state.github.repositories.find((each) => each.name === REPOSITORY);
const pulls = (state) => repository(state).tickets.filter((each) => each.pull);
const pull = (state, number) => pulls(state).find((each) => each.number === number);
const tab = (name) => find("github", "nav button", new RegExp(`^${name}`));
const opening = () => find("github", "form", "New pull request");
const onShow = (number) => document.querySelector(`#pane-github article[aria-label="Pull request #${number}"]`);
const card = (state, { since, number }) => after(state, "dev", since, { byConnect: true, words: `/pull/${number}` });

const repliesTo = (state, ts) => channel(state, "dev").messages.filter((each) => each.thread_ts === ts);
const says = (message, words) => JSON.stringify(message).includes(words);

async function pressIn(number, name) {
  await show(number);
  await press(() => find("github", "button", name));
}

async function show(number) {
  if (onShow(number)) return;
  await choose(() => find("github", "select", "Repository"), REPOSITORY);
  await press(() => tab("Pull requests"));
  await press(() => [...document.querySelectorAll("#pane-github .rows li")].find((each) =>
    each.textContent.includes(`#${number} by`))?.querySelector(".title"));
}

async function open(state) {
  const branch = `mend-the-lamp-${pulls(state).length + 1}`;
  await choose(() => find("github", "select", "Repository"), REPOSITORY);
  if (!opening()) {
    await press(() => tab("Pull requests"));
    await press(() => find("github", "button", "New pull request"));
  }
  await choose(() => opening()?.querySelector("select[name=head]"), BRANCH);
  await type(() => opening()?.querySelector("input[name=title]"), "Mend the lamp in the hall");
  await type(() => opening()?.querySelector("input[name=branch]"), branch);
  await type(() => opening()?.querySelector("textarea[name=message]"), "Mend the lamp in the hall");
  await press(() => opening()?.querySelector("button.primary"));
}

async function review(state, number) {
  await show(number);
  const { author } = pull(state, number);
  const reviewer = ["grace", "ada"].find((each) => each !== author);
  await choose(() => find("github", "select", "Who you are on GitHub"), reviewer);
  await choose(() => find("github", "select", "Verdict"), "approved");
  await press(() => find("github", "button", "Submit review"));
}

export const PULL = {
  id: "pull",
  title: "A pull request's life",
  about: "A channel follows a repository: one card for a pull request, from its opening to its merge.",
  steps: [
    {
      pane: "slack",
      says: `Type “/github subscribe ${REPOSITORY}” in #dev: from now on the channel hears of the repository.`,
      begin: (state) => ({ heard: state.slack.ephemerals.length, since: newest(state, "dev") }),
      at: () => composer("dev"), does: () => write("dev", `/github subscribe ${REPOSITORY}`),
      done: (state, { heard }) => state.slack.ephemerals.slice(heard).some((each) => says(each, REPOSITORY)),
    },
    {
      pane: "github", says: "On GitHub, open a new pull request from a new branch.",
      begin: (state) => ({ numbers: pulls(state).map((each) => each.number), since: newest(state, "dev") }),
      at: () => opening() ?? find("github", "button", "New pull request") ?? tab("Pull requests"),
      does: open,
      done: (state, memory) => {
        const opened = pulls(state).find((each) => !memory.numbers.includes(each.number));
        return opened && card(state, { ...memory, number: opened.number }) && { number: opened.number };
      },
    },
    {
      pane: "slack", says: "Its card stands in #dev. Open the card's thread: what happens later is told there.",
      at: (state, memory) => {
        const place = composer("dev");
        return place?.matches("textarea") ? over(card(state, memory).ts, "Reply in thread") : place;
      },
      does: (state, memory) => openThreadOf("dev", card(state, memory).ts),
      done: (state, memory) => threadOnShow() === card(state, memory).ts,
    },
    {
      pane: "github", says: "Be somebody else (You are…), and approve it: “Submit review”.",
      at: (_, { number }) => onShow(number) ? find("github", "button", "Submit review") : tab("Pull requests"),
      does: (state, { number }) => review(state, number),
      done: (state, { number }) => JSON.stringify(pull(state, number)).includes('"approved"'),
    },
    {
      pane: "github", says: "Start a check.",
      at: () => find("github", "button", "Start a check"),
      does: (_, { number }) => pressIn(number, "Start a check"),
      done: (state, { number }) => pull(state, number).pull.checks.length > 0,
    },
    {
      pane: "github", says: "Let the check succeed: the card says so.",
      at: () => find("github", "button", /^Let it succeed/),
      does: (_, { number }) => pressIn(number, /^Let it succeed/),
      done: (state, { number }) => pull(state, number).pull.checks.some((each) => each.conclusion === "success"),
    },
    {
      pane: "github", says: "Merge it: the card says so, and the thread who did it.",
      at: () => find("github", "button", "Merge pull request"),
      does: (_, { number }) => pressIn(number, "Merge pull request"),
      done: (state, memory) => pull(state, memory.number).state === "merged"
        && repliesTo(state, card(state, memory).ts).some((each) => says(each, "merged")),
    },
  ],
};
