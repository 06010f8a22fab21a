/** bitcoin.conf: the configuration that all nodes of a network share. */

import { P2P_PORT, RPC_PORT } from "../names.ts";

/** Where the file is in a container. */
export const CONFIG_PATH = "/bitcoin.conf";
/** The file's key in its Secret. */
export const CONFIG_KEY = "bitcoin.conf";
/** Where bitcoind keeps its data in a container. */
export const DATA_PATH = "/data";

/** First Core whose `whitelist` knows `in` and `out`; an earlier one would refuse to start. */
const FIRST_WITH_DIRECTIONS = 28;

/** What differs between the files of two networks. */
export interface BitcoinConfInput {
  /** Value of `rpcauth`. */
  readonly rpcauth: string;
  /** The image that will read the file. */
  readonly image: string;
  /** The network's mark; see `identity.ts`. */
  readonly mark: string;
}

/** The file. */
export function bitcoinConf({ rpcauth, image, mark }: BitcoinConfInput): string {
  return [
    "# Written by bitcoin-controller. Changes made here are put back.",
    "regtest=1",
    "server=1",
    `datadir=${DATA_PATH}`,
    "# The log goes to the container's output, and nowhere else.",
    "printtoconsole=1",
    "nodebuglogfile=1",
    "# RPC: a salted hash, never a password. Inside the pod bitcoin-cli uses the cookie.",
    `rpcauth=${rpcauth}`,
    "rpcallowip=0.0.0.0/0",
    "rpcconnect=127.0.0.1",
    "# Peers: those that the controller dials, and no others.",
    "listen=1",
    "listenonion=0",
    "dnsseed=0",
    "fixedseeds=0",
    "discover=0",
    "natpmp=0",
    `whitelist=${whitelist(image)}@0.0.0.0/0`,
    "# Tells the network from all others, beside the name of the pod: peers see both.",
    `uacomment=${mark}`,
    "# A chain that was idle for days is no initial download, and a test pays fees without an estimate.",
    "maxtipage=1000000000",
    "fallbackfee=0.0002",
    "# Small nodes.",
    "dbcache=16",
    "par=1",
    "[regtest]",
    // Where pods have addresses of the public Internet's kind, nodes would otherwise also dial those that they hear of.
    "connect=0",
    "bind=0.0.0.0",
    `port=${P2P_PORT}`,
    "rpcbind=0.0.0.0",
    `rpcport=${RPC_PORT}`,
    "",
  ].join("\n");
}

/** Peers with these permissions get transactions at once instead of after a random delay of seconds. */
function whitelist(image: string): string {
  const version = majorVersion(image);
  const directions = version === undefined || version >= FIRST_WITH_DIRECTIONS ? ",in,out" : "";
  return `noban,relay${directions}`;
}

/** Major version of Core in an image's tag; `undefined` if the tag says none, and then a current one is assumed. */
export function majorVersion(image: string): number | undefined {
  const [tagged = ""] = image.split("@");
  const tag = /:v?(\d{2})(?:\.\d+)*(?:[-.]?[a-z][\w.-]*)?$/.exec(tagged)?.[1];
  return tag === undefined ? undefined : Number(tag);
}
