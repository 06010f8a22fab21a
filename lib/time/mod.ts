/**
 * Time and cancellation for every other room: a {@linkcode Clock} that tests can drive,
 * exponential backoff, and deadlines as abort signals. Knows nothing of the other rooms.
 *
 * @module
 */

export * from "./abortable.ts";
export * from "./clock.ts";
export * from "./backoff.ts";
export * from "./deadline.ts";
export * from "./linked_abort.ts";
