// The sidebar: who one is, the channels, connect.

import { html, nothing, repeat } from "../lit.js";
import { openHome, openMessages } from "./doing.js";
import { become, channelsOf, direct, goTo, isUnread, me, placeOf, ui } from "./here.js";
import { icon } from "./icons.js";

const ROLES = { admin: "admin", member: "member", guest: "guest", stranger: "of another company" };

/** The sidebar. */
export function sidebar(slack) {
  const user = me(slack);
  const { mine, others } = channelsOf(slack, user);
  const here = placeOf(slack);
  return html`<nav class="s-sidebar ${ui().side ? "open" : ""}" aria-label="Channels">
    <label class="s-me">You are
      <select aria-label="Who I am" @change=${(event) => become(event.target.value)}>
        ${slack.people.filter((each) => each.role !== "app").map((each) => html`
          <option value=${each.id} .selected=${each.id === user.id}>${each.name}, ${ROLES[each.role]}</option>`)}
      </select></label>
    <h3>Channels</h3>
    <ul>${repeat(mine, (each) => each.id, (each) => place(slack, each, here, user))}</ul>
    ${others.length ? html`<h3>You could join</h3>
      <ul>${repeat(others, (each) => each.id, (each) => place(slack, each, here, user, false))}</ul>` : nothing}
    ${user.role === "stranger" ? nothing : html`<h3>Apps</h3><ul>${app(slack, user, here.kind === "im")}</ul>`}
  </nav>`;
}

function app(slack, user, here) {
  const unread = !here && isUnread(slack, direct(slack, user.id), user);
  const look = `${here ? "here" : ""} ${unread ? "unread" : ""}`;
  return html`<li><button type="button" class=${look} aria-current=${here ? "page" : "false"}
    aria-label="connect${unread ? ", unread" : ""}" @click=${unread ? openMessages : openHome}>
    <span class="sigil">${icon("app")}</span>connect</button></li>`;
}

/** What stands before a channel's name. */
export function sigil(each) {
  if (each.kind === "group") return icon("lock");
  return icon(each.shared ? "shared" : "hash");
}

function place(slack, each, here, user, inside = true) {
  const unread = inside && each.id !== here.id && isUnread(slack, each, user);
  const kind = each.kind === "group" ? "private, " : each.shared ? "shared with another company, " : "";
  const about = `${kind}${each.archived ? "archived, " : ""}${unread ? "unread, " : ""}`.replace(/, $/, "");
  const look = `${each.id === here.id ? "here" : ""} ${unread ? "unread" : ""} ${inside ? "" : "faint"}`;
  return html`<li><button type="button" class=${look}
    aria-current=${each.id === here.id ? "page" : "false"} aria-label="${each.name}${about ? `, ${about}` : ""}"
    @click=${() => goTo(each.id)}><span class="sigil" aria-hidden="true">${sigil(each)}</span>${each.name}
    ${each.archived ? html`<small>archived</small>` : nothing}</button></li>`;
}
