/** Methods that mine (src/rpc/mining.cpp). */

import { RPC_INVALID_ADDRESS_OR_KEY } from "../../../rpc/mod.ts";
import type { NodeState } from "../node_state.ts";
import { RpcFailure } from "./failure.ts";
import type { Method, Parameter } from "./method.ts";

/** What an address of regtest looks like; its checksum is not checked. */
const ADDRESS = /^(bcrt1[02-9ac-hj-np-z]{11,71}|[2mn][1-9A-HJ-NP-Za-km-z]{25,39})$/;
/** Functions of output descriptors (doc/descriptors.md). */
const FUNCTIONS: ReadonlySet<string> = new Set(
  "addr combo multi musig pk pkh raw rawtr sh sortedmulti tr wpkh wsh".split(" "),
);

const COUNT: Parameter = { name: "nblocks", type: "number" };
const MAX_TRIES: Parameter = { name: "maxtries", type: "number", isOptional: true };

function checkAddress(address: string): void {
  if (!ADDRESS.test(address)) {
    throw new RpcFailure(RPC_INVALID_ADDRESS_OR_KEY, "Error: Invalid address");
  }
}

function checkDescriptor(descriptor: string): void {
  const [body = "", checksum] = descriptor.split("#", 2);
  if (checksum !== undefined && checksum.length !== 8) {
    throw new RpcFailure(
      RPC_INVALID_ADDRESS_OR_KEY,
      `Expected 8 character checksum, not ${checksum.length} characters`,
    );
  }
  const name = /^(\w+)\(.+\)$/.exec(body)?.[1];
  if (name === undefined || !FUNCTIONS.has(name)) {
    throw new RpcFailure(
      RPC_INVALID_ADDRESS_OR_KEY,
      `'${name ?? body}' is not a valid descriptor function`,
    );
  }
}

function mine(node: NodeState, count: number): string[] {
  return node.mine(count).map(({ hash }) => hash);
}

/** The methods. */
export const MINING_METHODS: readonly Method[] = [
  {
    name: "generatetoaddress",
    parameters: [COUNT, { name: "address", type: "string" }, MAX_TRIES],
    run(node, args) {
      checkAddress(args.text(1));
      return mine(node, args.integer(0));
    },
  },
  {
    name: "generatetodescriptor",
    parameters: [
      { ...COUNT, name: "num_blocks" },
      { name: "descriptor", type: "string" },
      MAX_TRIES,
    ],
    run(node, args) {
      checkDescriptor(args.text(1));
      return mine(node, args.integer(0));
    },
  },
];
