// The Slack pane: the sidebar, a conversation with its composer, a thread or a Work Object beside it, windows on top.

import { followLink } from "../links.js";
import { html, keyed, nothing, repeat } from "../lit.js";
import { blocks } from "./blocks.js";
import { channelMenu } from "./channel_menu.js";
import { composer } from "./composer.js";
import { dayOf } from "./dates.js";
import { doing, openHome, openMessages } from "./doing.js";
import { isTop, look, markSeen, me, messagesIn, nameOf, placeOf, refusedFor, ui } from "./here.js";
import { icon } from "./icons.js";
import { openMenu, openedMenu } from "./menu.js";
import { message, refusal } from "./message.js";
import { anyWindow, keepFocus, modals } from "./modal.js";
import { objectPanel } from "./object.js";
import { sidebar, sigil } from "./sidebar.js";
import { stepForm } from "./steps.js";

const TOGETHER_SECONDS = 300;

/** The whole pane. */
export function slackPane(state) {
  const { slack } = state;
  const place = placeOf(slack);
  const user = me(slack);
  const { thread, object } = ui();
  const windows = anyWindow(slack);
  markSeen(slack, place, user);
  keepFocus(windows);
  return html`
    <div class="slackbox" @click=${(event) => followLink(event, state)}>
      <div class="s-columns ${thread || object ? "with-panel" : ""}" ?inert=${windows}>
        ${sidebar(slack)}
        ${place.kind === "im" ? connectPlace(slack, place, user) : channelPlace(slack, place, user)}
        ${object ? objectPanel(slack) : thread ? threadPanel(slack, place, user, thread) : nothing}
      </div>
      ${refusedFor(slack, user).map((each) => html`
        <div class="refused">${refusal(each, "what connect wanted to show")}</div>`)}
      ${stepForm(slack)} ${modals(slack)}
      ${ui().waitingFor === "shortcut" ? html`<p class="waiting" role="status">Asking connect…</p>` : nothing}
    </div>
    ${openedMenu()}
  `;
}

function sideButton() {
  return html`<button type="button" class="side-button" aria-label="Channels" aria-expanded=${ui().side}
    @click=${() => look({ side: !ui().side })}>${icon("bars")}</button>`;
}

function channelPlace(slack, place, user) {
  const inside = place.members.includes(user.id);
  return html`<section class="place" aria-label="#${place.name}">
    <header>${sideButton()}
      <h2><span class="sigil" aria-hidden="true">${sigil(place)}</span>${place.name}</h2>
      <p class="topic">${place.topic}</p>
      <button type="button" class="quiet" aria-label="Channel menu" aria-haspopup="menu"
        @click=${(event) => openMenu(event, "Channel menu", channelMenu(slack, place, user))}>
        ${icon("people")} ${place.members.length} ${icon("down")}</button>
    </header>
    ${place.shared ? html`<p class="banner">This channel is shared with another company.</p>` : nothing}
    ${list(slack, place, user)}
    ${place.archived ? html`<p class="banner">This channel is archived. An admin can bring it back.</p>`
      : inside ? composer(slack, place)
        : html`<p class="banner">You are looking at #${place.name}.
          <button type="button" class="kit-button primary" @click=${() => join(place, user)}>Join channel</button></p>`}
  </section>`;
}

function join(place, user) {
  doing("invite", { channel: place.id, invited: user.id });
}

function connectPlace(slack, place, user) {
  const atHome = ui().place === "home";
  const view = slack.screens[user.id]?.home;
  return html`<section class="place" aria-label="connect">
    <header>${sideButton()}<h2><span class="sigil" aria-hidden="true">${icon("app")}</span>connect</h2>
      <div class="switch" role="tablist" aria-label="connect">
        <button type="button" role="tab" aria-selected=${atHome} @click=${openHome}>Home</button>
        <button type="button" role="tab" aria-selected=${!atHome} @click=${openMessages}>Messages</button>
      </div></header>
    ${atHome ? keyed(user.id, html`<div class="home" role="tabpanel" aria-label="Home">${view
      ? blocks(view.blocks, { slack, key: view.id, view })
      : html`<p class="loading">connect is making your home…</p>`}</div>`)
      : html`${list(slack, place, user)}${composer(slack, place)}`}
  </section>`;
}

function list(slack, place, user) {
  const all = messagesIn(slack, place, user).filter(isTop);
  const name = `Messages in ${nameOf(place)}`;
  return keyed(`${user.id}/${place.id}`, html`<div class="scroll"><div class="messages" role="log" aria-label=${name}>
    ${all.length ? nothing : html`<p class="note start">This is the very beginning of ${nameOf(place)}.</p>`}
    ${repeat(all, (each) => each.ts, (each, at) => html`
      ${dayOf(each.ts) === dayOf(all[at - 1]?.ts ?? 0) ? nothing : divider(dayOf(each.ts))}
      ${message(slack, place, each, { compact: goesOn(all[at - 1], each) })}`)}
  </div></div>`);
}

function divider(text) {
  return html`<p class="day"><span>${text}</span></p>`;
}

function goesOn(before, each) {
  return Boolean(before) && before.user === each.user && !before.refused && !each.refused && !each.is_ephemeral &&
    !before.is_ephemeral && !each.subtype && Number(each.ts) - Number(before.ts) < TOGETHER_SECONDS &&
    dayOf(before.ts) === dayOf(each.ts);
}

function threadPanel(slack, place, user, root) {
  const all = messagesIn(slack, place, user).filter((each) => each.ts === root || each.thread_ts === root);
  const inside = place.members.includes(user.id) && !place.archived;
  return html`<aside class="panel" aria-label="Thread">
    <header><h2>Thread <small>${place.kind === "im" ? "connect" : `#${place.name}`}</small></h2>
      <button type="button" class="close" aria-label="Close thread"
        @click=${() => look({ thread: "" })}>×</button></header>
    ${keyed(`${user.id}/${root}`, html`<div class="scroll"><div class="messages" role="log" aria-label="Thread">
      ${repeat(all, (each) => each.ts, (each) => html`
        ${message(slack, place, each, { inThread: true })}
        ${each.ts === root && all.length > 1 ? divider(count(all.length - 1)) : nothing}`)}
    </div></div>`)}
    ${inside ? composer(slack, place, root) : nothing}
  </aside>`;
}

function count(replies) {
  return replies === 1 ? "1 reply" : `${replies} replies`;
}
