/** Tells one wish from another. */

import { createHash } from "node:crypto";

/** A short hash of what is wanted; the same for the same wish, whatever the order of its fields. */
export function hashOf(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_key, field: unknown) =>
      typeof field === "object" && field !== null && !Array.isArray(field)
        ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => a < b ? -1 : 1))
        : field,
  );
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
