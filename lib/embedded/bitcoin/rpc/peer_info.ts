/** One element of `getpeerinfo`. Pure. */

import { createHash } from "node:crypto";
import type { Peer } from "../peer.ts";

/** Version of the p2p protocol (src/node/protocol_version.h). */
export const PROTOCOL_VERSION = 70_016;

/** What a node offers its peers, as `getnetworkinfo` and `getpeerinfo` name it. */
export const SERVICES = {
  local: {
    localservices: "0000000000000c09",
    localservicesnames: ["NETWORK", "WITNESS", "NETWORK_LIMITED", "P2P_V2"],
  },
  peer: {
    services: "0000000000000c09",
    servicesnames: ["NETWORK", "WITNESS", "NETWORK_LIMITED", "P2P_V2"],
  },
  /** Before the handshake. */
  unknown: { services: "0000000000000000", servicesnames: [] },
} as const;

/** What a handshake takes, in bytes: the fake sends no bytes, and so counts none after that. */
const HANDSHAKE_BYTES = { version: 136, verack: 33 } as const;
const HANDSHAKE_BYTES_SUM = 169;

/** How long a ping takes, in seconds. */
const PING_S = 0.0001;

/** Describes a peer at `now`, in ms since 1970. */
export function describePeer(peer: Peer, now: number): object {
  const { hello, known } = peer;
  const synced = known?.height ?? -1;
  const bytes = hello ? HANDSHAKE_BYTES_SUM : 0;
  const last = hello ? Math.floor(now / 1000) : peer.since;
  return {
    id: peer.id,
    addr: peer.name,
    addrbind: peer.localService,
    network: "not_publicly_routable",
    ...(hello ? SERVICES.peer : SERVICES.unknown),
    relaytxes: hello !== undefined,
    last_inv_sequence: 0,
    inv_to_send: 0,
    lastsend: last,
    lastrecv: hello ? last : 0,
    last_transaction: 0,
    last_block: peer.lastBlockTime,
    bytessent: bytes,
    bytesrecv: bytes,
    conntime: peer.since,
    timeoffset: 0,
    ...(hello && { pingtime: PING_S, minping: PING_S }),
    version: hello ? PROTOCOL_VERSION : 0,
    subver: hello?.userAgent ?? "",
    inbound: peer.inbound,
    bip152_hb_to: false,
    bip152_hb_from: false,
    startingheight: hello?.height ?? -1,
    presynced_headers: -1,
    synced_headers: synced,
    synced_blocks: synced,
    inflight: [],
    addr_relay_enabled: hello !== undefined,
    addr_processed: 0,
    addr_rate_limited: 0,
    permissions: [],
    minfeefilter: hello ? 0.000001 : 0,
    bytessent_per_msg: hello ? HANDSHAKE_BYTES : {},
    bytesrecv_per_msg: hello ? HANDSHAKE_BYTES : {},
    connection_type: peer.inbound ? "inbound" : "manual",
    transport_protocol_type: hello ? "v2" : "detecting",
    session_id: hello ? sessionId(peer) : "",
  };
}

/** The same at both ends, and another one for each connection. */
function sessionId({ service, localService, since }: Peer): string {
  const ends = [service, localService].sort().join();
  return createHash("sha256").update(`${ends},${since}`).digest("hex");
}
