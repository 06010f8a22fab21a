/**
 * A Kubernetes API server in this process, for the demo and the tests. Enter at {@linkcode ApiServer}.
 *
 * @module
 */

export type { Clock } from "../../time/mod.ts";
export * from "./server.ts";
export type { Hook, HookAction, HookOptions } from "./hooks.ts";
export type { Json, JsonObject } from "./json.ts";
export type { RequestRecord } from "./record.ts";
export type { KubeletAccess } from "./subresources/log.ts";
