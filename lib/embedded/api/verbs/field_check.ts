/** Fields that a kind does not have: they are dropped, and the client is warned or refused, as it asked. */

import { prune } from "../../schema/mod.ts";
import type { JsonObject } from "../json.ts";
import type { WriteOptions } from "../options.ts";
import type { Resource } from "../registry/resource.ts";

/** An object that has only known fields. */
export interface Checked {
  /** Without the fields that the kind does not have. */
  readonly object: JsonObject;
  /** For `Warning` headers. */
  readonly warnings: readonly string[];
}

/** Drops unknown fields; `refuse` makes the refusal of a strict client. */
export function checkFields(
  resource: Resource,
  object: JsonObject,
  { fieldValidation }: WriteOptions,
  refuse: (why: string) => Error,
): Checked {
  const { object: known, unknown } = prune(resource.schema, object);
  const problems = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (problems.length > 0 && fieldValidation === "Strict") {
    throw refuse(`strict decoding error: ${problems.join(", ")}`);
  }
  return { object: known, warnings: fieldValidation === "Warn" ? problems : [] };
}
