/**
 * Time and cancellation for every other room: a {@linkcode Clock} that tests can drive,
 * exponential backoff, deadlines as abort signals, and times as text. Knows nothing of the other rooms.
 *
 * @module
 */

export * from "./abortable.ts";
export * from "./clock.ts";
export * from "./backoff.ts";
export * from "./deadline.ts";
export * from "./linked_abort.ts";
export * from "./rfc3339.ts";
