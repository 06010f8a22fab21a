/** Conflicts between an applier and the managers of the fields that it changes, in the words of the real server. */

import { ApplyConflictError } from "./errors.ts";
import type { FieldManager } from "./field_managers.ts";
import { type FieldPath, pathText } from "./field_set.ts";

/** One field of somebody else. */
export interface Conflict {
  /** Who owns it. */
  readonly manager: FieldManager;
  /** The field. */
  readonly path: FieldPath;
}

/** Makes one error of at least one conflict. */
export function conflictError(conflicts: readonly Conflict[]): ApplyConflictError {
  const named = conflicts.map(({ manager, path }) => ({
    name: nameOf(manager),
    field: pathText(path),
  }))
    .sort((a, b) => a.name < b.name ? -1 : Number(a.name > b.name));
  const causes = named.map(({ name, field }) => ({
    reason: "FieldManagerConflict" as const,
    message: `conflict with ${name}`,
    field,
  }));
  const [first, ...others] = named;
  const list = first && others.length === 0
    ? `conflict with ${first.name}: ${first.field}`
    : [...Map.groupBy(named, ({ name }) => name)].flatMap(([name, fields]) => [
      `conflicts with ${name}:`,
      ...fields.map(({ field }) => `- ${field}`),
    ]).join("\n");
  const count = conflicts.length === 1 ? "1 conflict" : `${conflicts.length} conflicts`;
  return new ApplyConflictError(`Apply failed with ${count}: ${list}`, causes);
}

function nameOf({ manager, subresource, operation, apiVersion }: FieldManager): string {
  const name = JSON.stringify(manager);
  const through = subresource ? ` with subresource ${JSON.stringify(subresource)}` : "";
  return name + through + (operation === "Update" ? ` using ${apiVersion}` : "");
}
