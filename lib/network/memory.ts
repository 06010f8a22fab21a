/** What the controller remembers of a network between two runs. Losing it, at a restart, costs nothing but a few extra polls. */

import type { NodeRpc } from "./node_rpc.ts";
import type { SecretReader } from "./secret_reader.ts";
import type { StatusWriter } from "./status_writer.ts";

/** Memory of one network. */
export interface Memory {
  /** UID of the network: another one of the same name is another network. */
  readonly uid: string;
  /** Its nodes' RPC. */
  readonly rpc: NodeRpc;
  /** Its Secrets. */
  readonly secrets: SecretReader;
  /** Every entry under which one of its nodes was ever dialled. */
  readonly entries: Set<string>;
  /** Its status. */
  readonly status: StatusWriter;
  /** How many runs in a row had something to do at the nodes. */
  busyRuns: number;
  /** Revision of the StatefulSet that all pods had. */
  revision: string | undefined;
  /** The last failure that an event told of. */
  failure: string | undefined;
}
