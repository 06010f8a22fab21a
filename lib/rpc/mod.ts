/**
 * bitcoind's JSON-RPC: calls and batches with typed results, error codes with names, and `rpcauth` hashes.
 * Knows nothing of Kubernetes. Enter by {@linkcode RpcClient}.
 *
 * @module
 */

export * from "./batch.ts";
export * from "./calls.ts";
export * from "./client.ts";
export * from "./errors.ts";
export * from "./observer.ts";
export * from "./results.ts";
export * from "./rpc_auth.ts";
export * from "./url.ts";
