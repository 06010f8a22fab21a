/** Checks that what came from the API server is an object of the API. */

import type { KubeObject, Stored } from "./object.ts";

/** Whether a value of the API is an object with all that is relied on: name, UID and resource version. */
export function isStored(value: unknown): value is Stored<KubeObject> {
  const metadata = metadataOf(value);
  return [metadata?.name, metadata?.uid, metadata?.resourceVersion].every((field) =>
    typeof field === "string" && field !== ""
  );
}

/** The `metadata` of a value of the API, if it has any. */
export function metadataOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || !("metadata" in value)) return undefined;
  const { metadata } = value;
  // as: every object in JSON is one of this kind.
  return typeof metadata === "object"
    ? metadata as Record<string, unknown> ?? undefined
    : undefined;
}
