// Where links lead: what the stand-ins show opens in its own pane, everything else in a new tab.

import { set, toast } from "./store.js";
import { showGithub } from "./github/view.js";
import { showJira } from "./jira/view.js";

const TABS = {
  issues: "issues", pull: "pulls", pulls: "pulls", actions: "actions", releases: "releases",
  deployments: "deployments", discussions: "discussions",
};

/** Open what an address shows. */
export function openLink(address, state) {
  const url = parsed(address);
  if (!url) return;
  if (url.origin === state.jira?.url && openJira(url, state)) return;
  if ((url.origin === state.github?.url || url.hostname === "github.com") && openGithub(url, state)) return;
  window.open(url.href, "_blank", "noopener");
}

/** For the click on anything: a link in it is followed by `openLink`. */
export function followLink(event, state) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openLink(link.href, state);
}

function parsed(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function openJira(url, state) {
  const key = /^\/browse\/([A-Z][A-Z0-9_]*-\d+)/.exec(url.pathname)?.[1];
  const project = /^\/(?:browse|projects)\/([A-Z][A-Z0-9_]*)\/?$/.exec(url.pathname)?.[1];
  const issue = state.jira.issues.find((each) => each.key === key || each.formerKeys.includes(key));
  if (key && !issue) {
    toast(`There is no ${key} any more.`);
    return true;
  }
  if (issue) showJira({ view: "issue", key: issue.key, project: issue.project });
  else if (project) showJira({ view: "board", project });
  else return false;
  set({ pane: "jira" });
  return true;
}

function openGithub(url, state) {
  const [owner, name, place, number] = url.pathname.split("/").filter(Boolean);
  if (owner === "login") {
    showGithub({ tab: "device" });
    set({ pane: "github" });
    return true;
  }
  const wanted = `${owner}/${name}`.toLowerCase();
  const repo = state.github.repositories.find((each) => [each.name.toLowerCase(), ...each.formerNames].includes(wanted));
  if (repo) {
    showGithub({ repo: repo.name, ...seen(repo, place, Number(number)) });
    set({ pane: "github" });
  } else if (url.origin === state.github.url) {
    toast("The sandbox has nothing at this address, or not any more.");
  }
  return Boolean(repo) || url.origin === state.github.url;
}

function seen(repo, place, number) {
  const ticket = repo.tickets.find((each) => each.number === number);
  if (ticket && ["issues", "pull"].includes(place)) return { tab: ticket.pull ? "pulls" : "issues", number };
  return { tab: TABS[place] ?? "code", number: place === "discussions" ? number : 0 };
}
