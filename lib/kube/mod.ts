/**
 * A Kubernetes client by hand on `fetch`: configuration, credentials, requests, watches, informers, events.
 * Knows nothing of Bitcoin. Enter at {@linkcode loadConnection} and {@linkcode KubeClient}.
 *
 * @module
 */

export * from "./client.ts";
export * from "./clock_check.ts";
export * from "./config.ts";
export * from "./connection.ts";
export * from "./credentials.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./exec_credentials.ts";
export * from "./found.ts";
export * from "./handle.ts";
export * from "./impersonation.ts";
export * from "./informer.ts";
export * from "./lease.ts";
export * from "./lease_times.ts";
export * from "./object.ts";
export * from "./observer.ts";
export * from "./options.ts";
export * from "./proxy.ts";
export * from "./reloading_tls.ts";
export * from "./request.ts";
export * from "./resource.ts";
export * from "./store.ts";
export * from "./subresources.ts";
export * from "./tls.ts";
export * from "./watcher.ts";
export * from "./write_guard.ts";
