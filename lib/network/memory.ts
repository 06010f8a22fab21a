/** What the controller remembers of a network between two runs. Losing it, at a restart, costs nothing but a few extra polls. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Service } from "kubernetes-types/core/v1.d.ts";
import type { Credentials } from "./credentials.ts";
import { KeptObjects } from "./kept_objects.ts";
import type { KnownEntries } from "./known_entries.ts";
import type { Clock } from "../time/mod.ts";
import { LastWrite } from "./last_write.ts";
import type { NodeRpc } from "./node_rpc.ts";
import type { KnownPod } from "./run_events.ts";
import type { SecretReader } from "./secret_reader.ts";
import { SpecReader } from "./spec_reader.ts";
import type { StatusWriter } from "./status_writer.ts";
import type { Stragglers } from "./stragglers.ts";

/** Memory of one network. */
export interface Memory {
  /** UID of the network: another one of the same name is another network. */
  readonly uid: string;
  /** What its nodes have in their user agents; see `identity.ts`. */
  readonly mark: string;
  /** Its spec. */
  readonly spec: SpecReader;
  /** Its objects. */
  readonly objects: KeptObjects;
  /** Its nodes' RPC. */
  readonly rpc: NodeRpc;
  /** Its Secrets. */
  readonly secrets: SecretReader;
  /** Its status. */
  readonly status: StatusWriter;
  /** Its objects that informers watch, as they were written last. */
  readonly writes: LastWrites;
  /** The entries under which its nodes were dialled. */
  readonly entries: KnownEntries;
  /** The last pod with an address of each wanted node, by its name. */
  pods: ReadonlyMap<string, KnownPod>;
  /** The credentials that its nodes had last: with those it is watched and mended while its objects cannot be kept. */
  credentials: Credentials | undefined;
  /** Its nodes that stay behind the best chain. */
  stragglers: Stragglers;
  /** How many runs in a row had something to do at the nodes. */
  busyRuns: number;
  /** Revision of the StatefulSet that all pods had. */
  revision: string | undefined;
  /** What a run saw after which nothing was left to do; absent while there is something. */
  restful: readonly unknown[] | undefined;
  /** Why the objects could not be kept the last time; a repetition is no news. */
  failure: string | undefined;
}

/** The objects of a network that informers watch, as they were written last. */
export interface LastWrites {
  /** Its Service. */
  readonly service: LastWrite<Service>;
  /** Its StatefulSet. */
  readonly set: LastWrite<StatefulSet>;
}

/** Memory of a network that was never seen before. */
export function newMemory(
  clock: Clock,
  parts: Pick<Memory, "uid" | "mark" | "rpc" | "secrets" | "status" | "entries">,
): Memory {
  return {
    ...parts,
    spec: new SpecReader(),
    objects: new KeptObjects(),
    writes: { service: new LastWrite(clock), set: new LastWrite(clock) },
    pods: new Map(),
    credentials: undefined,
    stragglers: new Map(),
    busyRuns: 0,
    revision: undefined,
    restful: undefined,
    failure: undefined,
  };
}
