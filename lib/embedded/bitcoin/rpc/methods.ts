/** All methods of the fake, those that control the node among them (src/rpc/server.cpp). */

import { RPC_METHOD_NOT_FOUND } from "../../../rpc/mod.ts";
import type { NodeState } from "../node_state.ts";
import { CHAIN_METHODS } from "./chain_methods.ts";
import { RpcFailure } from "./failure.ts";
import { type Method, readArguments, usageOf } from "./method.ts";
import { MINING_METHODS } from "./mining_methods.ts";
import { NETWORK_METHODS } from "./network_methods.ts";

const HELP: Method = {
  name: "help",
  parameters: [{ name: "command", type: "string", isOptional: true }],
  run(_node, args) {
    const name = args.text(0);
    if (name === "") return [...METHODS.values()].map(usageOf).sort().join("\n");
    const method = METHODS.get(name);
    return method ? `${usageOf(method)}\n` : `help: unknown command: ${name}`;
  },
};

const STOP: Method = {
  name: "stop",
  parameters: [],
  run(node) {
    node.terminate();
    return "Bitcoin Core stopping";
  },
};

const UPTIME: Method = {
  name: "uptime",
  parameters: [],
  run: ({ clock, startedAtMs }) => Math.floor((clock.monotonic() - startedAtMs) / 1000),
};

const METHODS: ReadonlyMap<string, Method> = new Map(
  [...CHAIN_METHODS, ...MINING_METHODS, ...NETWORK_METHODS, HELP, STOP, UPTIME].map((method) => [
    method.name,
    method,
  ]),
);

/** The method of a name. */
export function methodOf(name: string): Method | undefined {
  return METHODS.get(name);
}

/**
 * Carries out a call.
 *
 * @param params by position as a list, or by name as an object
 * @throws {RpcFailure} if it is refused
 */
export function callMethod(node: NodeState, name: string, params: unknown): unknown {
  const method = METHODS.get(name);
  if (!method) throw new RpcFailure(RPC_METHOD_NOT_FOUND, "Method not found");
  return method.run(node, readArguments(method, params));
}
