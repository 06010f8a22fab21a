/** What an error says to the person at the terminal. */

import { ApiError, ConfigError, TransportError } from "../kube/mod.ts";
import { RpcError, RpcTransportError } from "../rpc/mod.ts";

/** Errors whose message says what happened and what to do; anything else is a bug and keeps its stack. */
const EXPECTED = [ApiError, ConfigError, TransportError, RpcError, RpcTransportError] as const;

/** One line for an expected error, with its causes; the stack of an unexpected one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (EXPECTED.some((expected) => error instanceof expected) || error.constructor === Error) {
    return withCauses(error);
  }
  return `${error.stack ?? error.message}\nThis is a bug; please report it with the lines above.`;
}

/** The message and those of its causes, unless a message repeats its cause already. */
function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? withCauses(error.cause) : "";
  return cause && !error.message.includes(cause) ? `${error.message}: ${cause}` : error.message;
}
