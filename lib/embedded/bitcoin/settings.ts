/** What one bitcoind was told to be: its options with their meaning. Pure. */

import type { Options } from "./options.ts";
import { StartupError } from "./startup_error.ts";

/** Port of the RPC on regtest (src/chainparamsbase.cpp). */
const RPC_PORT = 18443;
/** Port of the p2p part on regtest (src/kernel/chainparams.cpp). */
export const P2P_PORT = 18444;
/** Age of a tip that ends the initial block download, in seconds (src/kernel/chainstatemanager_opts.h). */
const MAX_TIP_AGE_S = 24 * 60 * 60;
/** Longest user agent (src/net.h, `MAX_SUBVERSION_LENGTH`). */
const MAX_USER_AGENT = 256;

/** Version of Bitcoin Core that the fake says it is. */
export const VERSION = { number: 300_000, text: "30.0.0" } as const;

/** Settings of a {@linkcode FakeBitcoind}. */
export interface BitcoindSettings {
  /** Where the RPC listens, and for whom. */
  readonly rpc: RpcSettings;
  /** Where the p2p part listens; undefined if nobody can dial in. */
  readonly p2pPort: number | undefined;
  /** Nodes to put into the added list at the start. */
  readonly addNodes: readonly string[];
  /** Whether the p2p part is switched on at the start. */
  readonly networkActive: boolean;
  /** User agent, such as `/Satoshi:30.0.0(net-0)/`. */
  readonly userAgent: string;
  /** Age of a tip that ends the initial block download, in seconds. */
  readonly maxTipAgeSeconds: number;
}

/** Settings of the RPC. */
export interface RpcSettings {
  /** Port to listen on; undefined if nobody outside the container can call. */
  readonly port: number | undefined;
  /** Values of `rpcauth`: `user:salt$hash`. */
  readonly hashes: readonly string[];
  /** User and password in the open. */
  readonly plain: { readonly user: string; readonly password: string } | undefined;
}

/**
 * Reads the settings of a node that has `address`.
 *
 * @throws {StartupError} if a value cannot be used
 */
export function readSettings(options: Options, address: string): BitcoindSettings {
  options.requireRegtest();
  options.requireSections();
  const p2pPort = options.number("port", P2P_PORT);
  const binds = options.list("bind");
  const listens = options.flag("listen", true) &&
    (binds.length === 0 || binds.some((bind) => isReachable(bind, address)));
  return {
    rpc: rpcSettings(options, address),
    p2pPort: listens ? portOf(binds, address) ?? p2pPort : undefined,
    addNodes: options.list("addnode"),
    networkActive: options.flag("networkactive", true),
    userAgent: userAgent(options.list("uacomment")),
    maxTipAgeSeconds: options.number("maxtipage", MAX_TIP_AGE_S),
  };
}

function rpcSettings(options: Options, address: string): RpcSettings {
  const hashes = options.list("rpcauth");
  if (hashes.some((hash) => !/^[^:]*:[^$]+\$[0-9a-f]{64}$/i.test(hash))) {
    throw new StartupError("Unable to start HTTP server. See debug log for details.");
  }
  const password = options.text("rpcpassword");
  const binds = options.list("rpcbind");
  const isOpen = options.flag("server", true) &&
    // Without rpcallowip the real one listens on the loopback only.
    options.list("rpcallowip").length > 0 && binds.some((bind) => isReachable(bind, address));
  const port = portOf(binds, address) ?? options.number("rpcport", RPC_PORT);
  return {
    port: isOpen ? port : undefined,
    hashes,
    plain: password ? { user: options.text("rpcuser") ?? "", password } : undefined,
  };
}

/** Whether others can reach what is bound here: it is bound to any address, or to the node's own. */
function isReachable(bind: string, address: string): boolean {
  return ["0.0.0.0", "[::]", "::", address].includes(hostOf(bind));
}

function hostOf(bind: string): string {
  return bind.replace(/=onion$/, "").replace(/(?<=^[^:]*|\]):\d+$/, "");
}

/** The port of the reachable bind that names one. */
function portOf(binds: readonly string[], address: string): number | undefined {
  return binds
    .filter((bind) => isReachable(bind, address))
    .map((bind) => /(?<=^[^:]*|\]):(\d+)/.exec(bind)?.[1])
    .filter((port) => port !== undefined)
    .map(Number)[0];
}

function userAgent(comments: readonly string[]): string {
  const unsafe = comments.find((comment) => !/^[\w .,;?@-]*$/.test(comment));
  if (unsafe !== undefined) {
    throw new StartupError(`User Agent comment (${unsafe}) contains unsafe characters.`);
  }
  const agent = `/Satoshi:${VERSION.text}${comments.length ? `(${comments.join("; ")})` : ""}/`;
  if (agent.length > MAX_USER_AGENT) {
    throw new StartupError(
      `Total length of network version string (${agent.length}) exceeds maximum length (${MAX_USER_AGENT}). Reduce the number or size of uacomments.`,
    );
  }
  return agent;
}
