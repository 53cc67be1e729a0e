// What connect does and hears, in words.

const DONE = {
  "slack/post_message": "post|posted a message in {place}",
  "slack/update_message": "edit|edited its message in {place}",
  "slack/react": "react|reacted to a message",
  "slack/replace_message": "answer|answered a question in place",
  "slack/post_ephemeral": "tell|told one person something in {place}",
  "slack/respond": "answer|answered the command",
  "slack/update_view": "update|updated the form",
  "slack/publish_home": "show|showed connect's Home",
  "slack/tell": "tell|told the form",
  "slack/read_message": "read|read a message",
  "slack/find_threads": "look|looked for the issue's threads",
  "slack/complete_step": "end|ended the workflow's step",
  "slack/fail_step": "end|ended the workflow's step with a reason",
  "slack/edit_reply": "edit|edited a reply",
  "slack/delete_reply": "delete|deleted a reply",
  "slack/read_files": "read|read the message's files",
  "slack/upload": "share|shared a file in {place}",
  "slack/delete_file": "delete|deleted a file",
  "slack/hide_files": "hide|hid files",
  "slack/create_channel": "create|created a channel",
  "slack/describe_channel": "describe|described the channel {place}",
  "slack/invite": "invite|invited people to {place}",
  "slack/archive_channel": "archive|archived {place}",
  "slack/unfurl": "show|showed previews of links",
  "slack/present_details": "fill|filled the panel of details",
  "slack/present_comments": "fill|filled the panel of comments",
  "jira/read_issue": "read|read {thing}",
  "jira/create_issue": "create|created {made}",
  "jira/add_comment": "comment|commented on {thing}",
  "jira/edit_comment": "edit|edited a comment of {thing}",
  "jira/delete_comment": "delete|deleted a comment of {thing}",
  "jira/read_audience": "ask|asked who may read {thing}",
  "jira/assign": "assign|assigned {thing}",
  "jira/watch": "watch|watched {thing}",
  "jira/unwatch": "stop|stopped watching {thing}",
  "jira/transition": "move|moved {thing}",
  "jira/edit": "edit|edited {thing}",
  "jira/comment": "comment|commented on {thing}",
  "jira/log_work": "log|logged work on {thing}",
  "jira/prepare_form": "read|read what the form shows",
  "jira/tie_thread": "tie|tied the thread to {thing}",
  "jira/link_thread": "link|linked the thread in {thing}",
  "jira/untie_thread": "untie|untied the thread from {thing}",
  "jira/search_issues": "search|searched issues",
  "jira/show_issue": "read|read {thing} to show it",
  "jira/read_home": "read|read what Home shows",
  "jira/attach": "attach|attached a file to {thing}",
  "jira/link_pull": "link|linked the pull request in {thing}",
  "jira/unlink_pull": "unlink|unlinked the pull request from {thing}",
  "jira/move_issue": "move|moved {thing}",
  "jira/preview_issue": "read|read {thing} for a preview",
  "github/create_issue": "open|opened the issue {made}",
  "github/add_comment": "comment|commented on {thing}",
  "github/comment": "comment|commented on {thing}",
  "github/edit_comment": "edit|edited a comment of {thing}",
  "github/delete_comment": "delete|deleted a comment of {thing}",
  "github/read_facts": "read|read the files and owners of {thing}",
  "github/read_audience": "ask|asked who may be told of {thing}",
  "github/find_private": "ask|asked which repositories are private",
  "github/set_state": "close or reopen|closed or reopened {thing}",
  "github/assign": "assign|assigned {thing}",
  "github/unassign": "unassign|unassigned {thing}",
  "github/label": "label|labelled {thing}",
  "github/review": "review|reviewed {thing}",
  "github/merge": "merge|merged {thing}",
  "github/update_branch": "update|updated the branch of {thing}",
  "github/request_review": "ask|asked for a review of {thing}",
  "github/set_draft": "change|changed whether {thing} is a draft",
  "github/edit": "edit|edited {thing}",
  "github/rerun": "start|started a run again",
  "github/cancel_run": "cancel|cancelled a run",
  "github/dispatch_workflow": "start|started a workflow",
  "github/sign_in": "sign|signed somebody in",
};

const EVENTS = {
  message: "a message",
  "message.message_changed": "a message was edited",
  "message.message_deleted": "a message was deleted",
  app_mention: "a message that mentions connect",
  view_submission: "a form was sent",
  view_closed: "a form was closed",
  block_actions: "a button or menu was used",
  message_action: "a message's menu was used",
  shortcut: "a shortcut was used",
  function_executed: "a workflow came to a step",
  link_shared: "a link was shared",
  app_home_opened: "Home was opened",
  create_ticket: "a request for an issue",
};

const STATUSES = {
  deliveries: { pending: "waiting", completed: "planned", ignored: "nothing to do", failed: "failed" },
  integrations: { pending: "waiting", completed: "done", failed: "failed" },
};

const NAME = /^([A-Z][A-Z0-9_]*-\d+|[\w.-]+\/[\w.-]+#\d+)$/;

export const SERVICES = { slack: "Slack", jira: "Jira", github: "GitHub" };

/** What an integration does, in the past once it is done: “posted a message in #general”. */
export function sentence(row, state) {
  const [verbs, ...rest] = (DONE[`${row.target_service}/${row.operation}`] ?? plainly(row.operation)).split("|");
  const [now, then] = rest.length ? [verbs, rest[0]] : [verbs, verbs];
  const past = then.split(" ")[0];
  const words = row.status === "completed" ? then : `${now}${then.slice(past.length)}`;
  return words.replace("{place}", place(row, state)).replace("{made}", made(row)).replace("{thing}", thing(row));
}

/** What arrived, in words. */
export function event(row) {
  const name = row.event ?? row.event_type;
  if (name.startsWith("/")) return `the command ${name}`;
  return EVENTS[name] ?? name.replace(/^jira:/, "").replace(/[_.:]/g, " ");
}

/** A row's status, in words. */
export function status(kind, row) {
  const sent = kind === "integrations" && row.status === "pending" && row.sent_at;
  if (sent) return row.error_message ? "unsure" : "under way";
  return STATUSES[kind][row.status] ?? row.status;
}

/** The key of an issue, or repository and number, that a row is about; empty if it is about none. */
export function thing(row) {
  const named = [row.target_id, row.source_id].find((each) => NAME.test(each));
  return named ?? (row.target_service === "github" ? "GitHub" : "an issue");
}

function made(row) {
  if (row.status !== "completed") return "an issue";
  return /-\d+$|#\d+$/.test(row.target_id) ? row.target_id : (row.remote_id ?? "an issue");
}

function place(row, state) {
  const ids = `${row.target_id}/${row.source_id}`.split("/");
  const channel = state.slack?.channels.find((each) => ids.includes(each.id));
  if (!channel) return "Slack";
  return channel.kind === "im" ? "a direct message" : `#${channel.name}`;
}

function plainly(operation) {
  return operation.replaceAll("_", " ");
}
