// What arrived with what it led to, newest first.

export const FILTERS = { active: "What did something", waiting: "Waiting", failed: "Failed", all: "Everything" };

/** Each delivery with its integrations; integrations that no delivery led to are together by where they came from. */
export function grouped({ deliveries, integrations }) {
  const groups = new Map(deliveries.map((row) => [row.id, group(`delivery ${row.id}`, row, row.received_at)]));
  for (const row of integrations.toReversed()) {
    const found = groups.get(row.delivery_id ?? `${row.source_service} ${row.event_type} ${row.source_id}`);
    if (found) found.integrations.push(row);
    else {
      const id = row.delivery_id ?? `${row.source_service} ${row.event_type} ${row.source_id}`;
      groups.set(id, { ...group(`from ${id}`, null, row.created_at), integrations: [row] });
    }
  }
  return [...groups.values()].sort((a, b) => b.at.localeCompare(a.at));
}

/** Whether a filter lets a group through. */
export function shownIn(filter, { delivery, integrations }) {
  const statuses = [delivery?.status, ...integrations.map((row) => row.status)];
  if (filter === "waiting") return statuses.includes("pending");
  if (filter === "failed") return statuses.includes("failed");
  return filter === "all" || delivery?.status !== "ignored";
}

function group(key, delivery, at) {
  return { key, delivery, at, integrations: [] };
}
