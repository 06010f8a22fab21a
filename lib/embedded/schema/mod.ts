/**
 * What Kubernetes knows of objects without any server: schemas of built-in and custom kinds, and pure functions driven by
 * them for decoding, defaults, validation, patches, field ownership and OpenAPI. Nothing here waits or changes its input.
 *
 * Enter at {@linkcode builtInKind} and {@linkcode customKind}.
 *
 * @module
 */

export * from "./apply.ts";
export * from "./builtin.ts";
export * from "./custom.ts";
export * from "./decode.ts";
export * from "./defaults.ts";
export * from "./errors.ts";
export * from "./event.ts";
export * from "./json.ts";
export * from "./json_patch.ts";
export * from "./kind.ts";
export * from "./managed_fields.ts";
export * from "./merge_patch.ts";
export * from "./openapi.ts";
export * from "./prune.ts";
export * from "./schema.ts";
export * from "./strategic_merge.ts";
export * from "./strategy.ts";
export * from "./validate.ts";
