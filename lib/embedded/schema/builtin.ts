/** The kinds that every Kubernetes has, from the schemas of a real API server. */

import type { KindSchema } from "./kind.ts";
import kubernetes from "./kubernetes.gen.json" with { type: "json" };
import { type Definitions, Schema } from "./schema.ts";

/**
 * Definitions of the built-in kinds and of all that they refer to, by name.
 *
 * Made by `deno task generate:kubernetes` from the OpenAPI documents of kube-apiserver.
 */
export const KUBERNETES_DEFINITIONS: Definitions =
  // The generator writes schemas and nothing else; TypeScript sees a quarter of a megabyte of literal types.
  kubernetes.definitions as unknown as Definitions;

/** Version of Kubernetes that the built-in kinds are from. */
export const KUBERNETES_VERSION: string = kubernetes.kubernetes;

/** Kinds that have a status, but whose status any update may write. */
const STATUS_IS_PLAIN = new Set([
  "Scale",
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "TokenRequest",
]);

const KINDS: ReadonlyMap<string, KindSchema> = new Map(
  Object.entries(KUBERNETES_DEFINITIONS).flatMap(([name, source]) => {
    const [only, ...others] = source["x-kubernetes-group-version-kind"] ?? [];
    if (!only || others.length > 0) return [];
    const { group, version, kind } = only;
    const hasStatus = source.properties?.status !== undefined && !STATUS_IS_PLAIN.has(kind);
    const root = new Schema({ $ref: name }, KUBERNETES_DEFINITIONS);
    return [[keyOf(group, version, kind), {
      group,
      version,
      kind,
      custom: false,
      hasStatus,
      root,
    }]];
  }),
);

/** The built-in kind of this name, or undefined if there is none. */
export function builtInKind(group: string, version: string, kind: string): KindSchema | undefined {
  return KINDS.get(keyOf(group, version, kind));
}

function keyOf(group: string, version: string, kind: string): string {
  return `${group}/${version}/${kind}`;
}
