/** What an action is in bitcoind's RPC. */

import { addNode, disconnectNode, type RpcCall, RpcError } from "../rpc/mod.ts";
import type { Action } from "./connections.ts";

/** The call that carries out an action. */
export function callOf(action: Action): RpcCall {
  return action.kind === "disconnect"
    ? disconnectNode(action.id)
    : addNode(action.node, action.kind);
}

/** Whether an error of such a call says that what was asked for holds already. */
export function isHeld(error: unknown): boolean {
  return error instanceof RpcError &&
    (error.isNodeAlreadyAdded || error.isNodeNotAdded || error.isNodeNotConnected);
}
