/**
 * The engine: keys go into a queue, workers hand them to a reconciler, failures come back later.
 * Knows neither Kubernetes nor Bitcoin. Enter by {@linkcode Controller}; {@linkcode Manager} starts and
 * stops the parts of a program in order.
 *
 * @module
 */

export * from "./controller.ts";
export * from "./delaying_queue.ts";
export * from "./manager.ts";
export * from "./observer.ts";
export * from "./rate_limiter.ts";
export * from "./result.ts";
export * from "./work_queue.ts";
