/**
 * The controllers of a small cluster: ordinary clients of an API server, built from informers and queues, that run
 * just as well against a real one.
 *
 * @module
 */

export * from "./garbage_collector.ts";
export * from "./namespace_controller.ts";
export * from "./scheduler.ts";
export * from "./stateful_set_controller.ts";
