/** Fields that a write to a resource or subresource never changes, so that nobody owns them by writing there. */

import { type FieldSet, fieldSetOf } from "./field_set.ts";
import type { KindSchema } from "./kind.ts";

const STATUS = fieldSetOf(["f:status"]);
const SPEC = fieldSetOf(["f:spec"]);
const SPEC_AND_METADATA = fieldSetOf(["f:spec"], ["f:metadata"]);
const SPEC_AND_OWNERS = fieldSetOf(
  ["f:spec"],
  ["f:metadata", "f:deletionTimestamp"],
  ["f:metadata", "f:ownerReferences"],
);
const NOTHING = fieldSetOf();

/** The fields that are put back, with all that is below them. */
export function resetFields(kind: KindSchema, subresource: string): FieldSet {
  if (!kind.hasStatus) return NOTHING;
  if (subresource === "" || subresource === "finalize") return STATUS;
  if (subresource !== "status") return NOTHING;
  if (kind.kind === "Pod" && !kind.custom) return SPEC_AND_OWNERS;
  return kind.kind === "CustomResourceDefinition" ? SPEC_AND_METADATA : SPEC;
}

/** Fields of every object that nobody owns; from `managedfields/internal/stripmeta.go` of Kubernetes. */
export const UNOWNED_FIELDS: FieldSet = fieldSetOf(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...[
    "creationTimestamp",
    "generation",
    "managedFields",
    "name",
    "namespace",
    "resourceVersion",
    "selfLink",
    "uid",
  ].map((name) => ["f:metadata", `f:${name}`]),
);
