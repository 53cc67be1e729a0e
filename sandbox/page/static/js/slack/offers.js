// What the composer offers while one types: commands with how they are used, people, channels. Pure.

/** The offers for the text up to the caret: `{ label, hint, note, from, insert, eager }`. */
export function offers(slack, text, caret, thread = "") {
  const before = text.slice(0, caret);
  if (/^\/[^\n]*$/.test(before) && !thread) return commands(slack, before);
  const found = /(?:^|[\s(])([@#])([\w.-]*)$/.exec(before);
  return found ? named(slack, found[1], found[2].toLowerCase(), caret) : [];
}

function commands(slack, before) {
  const [, name, rest] = /^(\/\S*)([^]*)$/.exec(before);
  const known = slack.commands.find((each) => each.command === name);
  if (known && rest) return usages(known, rest.trimStart().toLowerCase(), before);
  const fitting = slack.commands.filter((each) => each.command.startsWith(name));
  return fitting.map((each) => ({
    label: each.command, hint: each.usage_hint, note: each.description, from: 0, insert: `${each.command} `,
  }));
}

function usages(known, typed, before) {
  const ways = known.usage_hint.split(" | ").map((each) => ({ each, words: literal(each) }));
  const fitting = ways.filter(({ words }) => words && words.startsWith(typed) && words.trim() !== typed);
  const [first] = typed.split(" ");
  const going = ways.filter(({ words }) => words && first && words.split(" ")[0] === first);
  return (fitting.length ? fitting : going).map(({ each, words }) => ({
    label: `${known.command} ${each}`, note: "", from: 0,
    insert: fitting.length ? `${known.command} ${words}` : before,
  }));
}

/** The words of a usage that are typed as they stand: `subscribe ` of `subscribe OPS [name]`. */
function literal(usage) {
  const words = [];
  for (const word of usage.split(" ")) {
    if (!/^[a-z]+$/.test(word) || word === "words") break;
    words.push(word);
  }
  return words.length ? `${words.join(" ")}${words.length < usage.split(" ").length ? " " : ""}` : "";
}

function named(slack, sigil, typed, caret) {
  const from = caret - typed.length - 1;
  const list = sigil === "@"
    ? slack.people.map((each) => ({
      label: each.name, note: each.handle, insert: `@${each.name} `, ways: [each.name, each.handle] }))
    : slack.channels.filter((each) => each.name && each.kind === "channel").map((each) => ({
      label: `#${each.name}`, insert: `#${each.name} `, ways: [each.name] }));
  const fitting = list.filter(({ ways }) => ways.some((each) => each.toLowerCase().startsWith(typed)));
  const whole = list.some(({ ways }) => typed && ways.some((each) => each.toLowerCase() === typed));
  if (whole) return [];
  return fitting.slice(0, 8).map(({ label, note, insert }) => ({ label, note, insert, from, eager: true }));
}
