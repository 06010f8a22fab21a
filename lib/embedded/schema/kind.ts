/** What the functions of this room need to know of one kind in one version. */

import type { Schema } from "./schema.ts";
import type { ScaleFields } from "./validate_scale.ts";

/** One kind in one version. */
export interface KindSchema {
  /** API group; empty for the core group. */
  readonly group: string;
  /** Version. */
  readonly version: string;
  /** Kind. */
  readonly kind: string;
  /** Whether it comes from a CustomResourceDefinition. */
  readonly custom: boolean;
  /** Whether status is written only through the status subresource. */
  readonly hasStatus: boolean;
  /** Schema of a whole object. */
  readonly root: Schema;
  /** Of a custom kind, the schema exactly as its definition has it; objects are validated by this. */
  readonly declared?: Schema;
  /** Of a custom kind that can be scaled, the fields that say how far. */
  readonly scale?: ScaleFields;
}

/** `v1`, or `apps/v1`. */
export function apiVersionOf({ group, version }: Pick<KindSchema, "group" | "version">): string {
  return group ? `${group}/${version}` : version;
}
