// What stands in the fields of a window before it is sent: Slack's `state` objects, by view, block and action.

import { changed } from "../store.js";

const typed = new Map();

/** Slack's names for the value of each kind of element. */
export const FIELDS = {
  channels_select: "selected_channel", checkboxes: "selected_options", conversations_select: "selected_conversation",
  datepicker: "selected_date", datetimepicker: "selected_date_time", email_text_input: "value",
  external_select: "selected_option", multi_channels_select: "selected_channels",
  multi_conversations_select: "selected_conversations", multi_external_select: "selected_options",
  multi_static_select: "selected_options", multi_users_select: "selected_users", number_input: "value",
  plain_text_input: "value", radio_buttons: "selected_option", rich_text_input: "rich_text_value",
  static_select: "selected_option", timepicker: "selected_time", url_text_input: "value", users_select: "selected_user",
};

/** What an element holds: what was typed, else what the window says, else what it begins with. */
export function valueOf(element, block, where) {
  const name = FIELDS[element.type];
  const own = typed.get(where.key)?.[block.block_id]?.[element.action_id];
  const told = where.view?.state.values[block.block_id]?.[element.action_id];
  return (own ?? told ?? { [name]: initial(element) })[name] ?? null;
}

/** Keep what was typed or chosen. */
export function keep(element, block, where, value) {
  if (!typed.has(where.key)) typed.set(where.key, {});
  const blocks = typed.get(where.key);
  blocks[block.block_id] = {
    ...blocks[block.block_id],
    [element.action_id]: { type: element.type, [FIELDS[element.type]]: value },
  };
  changed();
}

/** All that was typed into a window and still has a field there. */
export function valuesFor(view) {
  const values = {};
  for (const [block, actions] of Object.entries(typed.get(view.id) ?? {})) {
    for (const [action, state] of Object.entries(actions)) {
      const there = view.state.values[block]?.[action];
      if (there && there.type === state.type) (values[block] ??= {})[action] = state;
    }
  }
  return values;
}

/** The window is gone: so is what was typed. */
export function forget(key) {
  typed.delete(key);
}

/** The blocks of fields that must be filled in and are empty. */
export function missingIn(view) {
  const where = { key: view.id, view };
  return view.blocks.filter((block) => {
    if (block.type !== "input" || block.optional) return false;
    const value = valueOf(block.element, block, where);
    return value === null || value === "" || (Array.isArray(value) && !value.length) || emptyRich(value);
  }).map((block) => block.block_id);
}

function emptyRich(value) {
  return value?.type === "rich_text" && !JSON.stringify(value).match(/"(text|name|user_id|url|channel_id)":"[^"]*\S/);
}

function initial(element) {
  const name = { rich_text_value: "initial_value", value: "initial_value" }[FIELDS[element.type]];
  return element[name ?? FIELDS[element.type]?.replace("selected", "initial")] ?? null;
}
