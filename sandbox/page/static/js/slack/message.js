// One message: who, when, what, and what hangs beneath it.

import { classMap, html, nothing, repeat } from "../lit.js";
import { blocks } from "./blocks.js";
import { momentOf, timeOf } from "./dates.js";
import { doing } from "./doing.js";
import { isTop, look, me, openThread, person, ui } from "./here.js";
import { icon } from "./icons.js";
import { editor, reactionsOffered, toolbar } from "./message_menu.js";
import { card } from "./object.js";
import { emoji, words } from "./text.js";
import { sizeOf } from "./units.js";

/** A message as its channel (or, `inThread`, its thread) shows it; `compact`: it goes on from the one above it. */
export function message(slack, place, given, { compact = false, inThread = false } = {}) {
  if (given.refused) return refusal(given);
  const hidden = given.is_ephemeral;
  const classes = { message: true, compact, hidden, tombstone: given.subtype === "tombstone" };
  const who = authorOf(slack, given);
  return html`
    <article class=${classMap(classes)} tabindex="0" data-ts=${given.ts} @keydown=${walked}
      aria-label="${who.name}, ${timeOf(given.ts)}">
      <div class="side">${compact ? time(given) : avatar(who)}</div>
      <div class="rest">
        ${hidden ? html`<p class="note">${icon("eye")} Only visible to you</p>` : nothing}
        ${given.subtype === "thread_broadcast" && !inThread ? repliedTo(place, given) : nothing}
        ${compact ? nothing : html`<p class="who"><strong>${who.name}</strong>${badge(who)}${time(given)}</p>`}
        ${ui().editing === given.ts ? editor(slack, place, given) : said(slack, place, given)}
        ${classes.tombstone ? nothing : beneath(slack, place, given)}
        ${inThread && given.subtype === "thread_broadcast"
          ? html`<p class="note">Also sent to the channel</p>` : nothing}
        ${inThread || !isTop(given) ? nothing : replies(slack, place, given)}
        ${hidden ? dismissal(given) : nothing}
      </div>
      ${classes.tombstone || hidden ? nothing : toolbar(slack, place, given, inThread)}
    </article>
  `;
}

/** Somebody's picture: their initials on a colour of their own. */
export function avatar(who) {
  const initials = who.name.split(/\s+/).map((each) => each[0]).slice(0, 2).join("").toUpperCase();
  const hue = [...who.name].reduce((sum, each) => (sum * 47 + each.codePointAt(0)) % 359, 7);
  const sign = who.role === "app" ? "c" : initials;
  return html`<span class="s-avatar of-${who.role}" style="--hue:${hue}" aria-hidden="true">${sign}</span>`;
}

/** Who wrote a message. */
export function authorOf(slack, given) {
  if (given.user === "USLACKBOT") return { id: "USLACKBOT", name: "Slackbot", role: "slackbot" };
  return person(slack, given.user);
}

/** Where somebody is from, or that it is an app. */
export function badge(who) {
  const text = { app: "APP", slackbot: "APP", guest: "Guest", stranger: "Other company" }[who.role];
  return text ? html`<span class="badge ${who.role}">${text}</span>` : nothing;
}

function time(given) {
  return html`<time title=${momentOf(given.ts)}>${timeOf(given.ts)}</time>`;
}

function said(slack, place, given) {
  if (given.subtype === "tombstone") return html`<p class="text">This message was deleted.</p>`;
  const where = { slack, key: `${place.id}/${given.ts}`, message: given };
  const drawn = given.blocks?.length && given.bot_id
    ? blocks(given.blocks, where)
    : given.text ? html`<div class="text">${words(given.text, slack)}</div>` : nothing;
  if (!given.edited) return drawn;
  return html`${drawn}<span class="edited" title=${momentOf(given.edited.ts)}>(edited)</span>`;
}

function repliedTo(place, given) {
  return html`<p class="note">replied to <button type="button" class="link"
    @click=${() => openThread(place.id, given.thread_ts)}>a thread</button></p>`;
}

function beneath(slack, place, given) {
  return html`${attachments(slack, place, given)} ${files(given)} ${reactions(slack, place, given)}`;
}

function attachments(slack, place, given) {
  return (given.attachments ?? []).map((each) => {
    if (each.entity) return card(slack, place, given, each.entity);
    const where = { slack, key: `${place.id}/${given.ts}/${each.id}`, message: given };
    return html`<div class="attachment">${each.blocks ? blocks(each.blocks, where) : words(each.text, slack)}</div>`;
  });
}

function files(given) {
  return (given.files ?? []).map((file) => {
    if (file.mode === "tombstone") return html`<p class="s-file gone">This file was deleted.</p>`;
    return html`<p class="s-file">${icon("file")}<span><strong>${file.title}</strong>
      <small>${(file.filetype ?? "").toUpperCase()} · ${sizeOf(file.size)}</small></span></p>`;
  });
}

function reactions(slack, place, given) {
  if (!given.reactions?.length) return nothing;
  const user = me(slack).id;
  return html`<div class="reactions">
    ${repeat(given.reactions, (each) => each.name, (each) => {
      const mine = each.users.includes(user);
      const names = each.users.map((id) => person(slack, id).name).join(", ");
      return html`<button type="button" class=${mine ? "mine" : ""} aria-pressed=${mine}
        title="${names} reacted with :${each.name}:" aria-label="${each.name.replaceAll("_", " ")}, ${each.count}"
        @click=${() => react(place, given, each.name, mine)}>${emoji(each.name)} ${each.count}</button>`;
    })}
    <button type="button" aria-label="Add a reaction"
      @click=${(event) => reactionsOffered(event, place, given)}>${icon("smile")}</button>
  </div>`;
}

function react(place, given, name, back) {
  doing("react", { channel: place.id, message: given.ts, name, back });
}

function replies(slack, place, given) {
  if (!given.reply_count) return nothing;
  const count = given.reply_count === 1 ? "1 reply" : `${given.reply_count} replies`;
  return html`<button type="button" class="replies" @click=${() => openThread(place.id, given.ts)}>
    ${given.reply_users.slice(0, 4).map((id) => avatar(person(slack, id)))}
    <strong>${count}</strong><small>Last reply at ${timeOf(given.latest_reply)}</small></button>`;
}

function dismissal(given) {
  const dismiss = () => {
    ui().hidden[given.ts] = true;
    look({});
  };
  return html`<button type="button" class="dismiss" @click=${dismiss}>Dismiss message</button>`;
}

/** What Slack did not take from connect, and why. */
export function refusal(given, what = "this message") {
  const why = given.messages.map((each) => each.replace("[ERROR] ", "").replace("json-pointer:", "")).join("; ");
  return html`<article class="message refusal" tabindex="0" role="alert" @keydown=${walked}>
    <div class="side" >${icon("warning")}</div>
    <div class="rest"><p><strong>Slack refused ${what}: ${why || given.error}</strong></p>
      <p class="note">${given.operation} was answered with “${given.error}”. In a real workspace nobody would see it.
      </p>
      ${dismissal(given)}</div></article>`;
}

function walked(event) {
  if (event.target !== event.currentTarget || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const all = [...event.currentTarget.closest(".messages").querySelectorAll("article.message")];
  const to = all[all.indexOf(event.currentTarget) + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  to?.focus();
}
