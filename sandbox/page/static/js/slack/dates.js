// Times as Slack writes them, in the visitor's own time zone. Pure: `now` is an argument.

const DAY = 86_400_000;

const OPTIONS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** `{date_short_pretty} at {time}` with the tokens filled in for `at` (seconds since 1970). */
export function formatDate(at, format, now = Date.now()) {
  if (!Number.isFinite(at)) return "";
  return format.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return ago(at, now);
    const kind = token.replace(/^day_divider_pretty$/, "date_long_pretty").replace(/_pretty$/, "");
    if (!OPTIONS[kind]) return whole;
    return (token.endsWith("_pretty") && near(at, now)) || written(at, kind);
  });
}

/** The time of a message: `9:41 AM`. */
export function timeOf(ts) {
  return written(Number(ts), "time");
}

/** The whole of when something was, for a tooltip. */
export function momentOf(ts) {
  return `${written(Number(ts), "date_long")} at ${written(Number(ts), "time_secs")}`;
}

/** The day of a message as a divider has it. */
export function dayOf(ts, now = Date.now()) {
  const word = near(Number(ts), now);
  return word ? word[0].toUpperCase() + word.slice(1) : written(Number(ts), "date_long");
}

function written(at, kind) {
  const date = new Date(at * 1000);
  if (kind === "date_num") return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(padded).join("-");
  return new Intl.DateTimeFormat("en-US", OPTIONS[kind]).format(date);
}

function padded(number) {
  return String(number).padStart(2, "0");
}

function near(at, now) {
  const days = Math.round((midnight(at * 1000) - midnight(now)) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? "";
}

function midnight(time) {
  return new Date(time).setHours(0, 0, 0, 0);
}

function ago(at, now) {
  const seconds = Math.round(at - now / 1000);
  const units = [[86_400, "day"], [3600, "hour"], [60, "minute"], [0, "second"]];
  const [size, unit] = units.find(([least]) => Math.abs(seconds) >= least);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / (size || 1)), unit);
}
