/** Addresses and ports of new services, from the ranges of the cluster. */

import { asArray, asObject, asString, type Json, type JsonObject, valueAt } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import type { Storage } from "../storage/storage.ts";

/** Prefix of cluster addresses (`--service-cluster-ip-range=10.0.0.0/16`). */
const ADDRESS_PREFIX = "10.0";
/** First port of the range for node ports (`--service-node-port-range`). */
const FIRST_NODE_PORT = 30000;

/** Gives a service its cluster address and node ports, if it wants some and names none; an update keeps the address. */
export function admitService(service: ApiObject, storage: Storage, current?: ApiObject): ApiObject {
  const spec = asObject(service.spec);
  if (spec.type === "ExternalName") return service;
  const others = storage.collection("/services").list().map(({ spec }) => asObject(spec));
  const address = asString(spec.clusterIP) || asString(valueAt(current, "spec", "clusterIP")) ||
    freeAddress(others);
  return asApiObject({
    ...service,
    spec: {
      ...spec,
      clusterIP: address,
      clusterIPs: spec.clusterIPs ?? [address],
      ipFamilies: spec.ipFamilies ?? ["IPv4"],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack",
      ...(spec.type === "NodePort" || spec.type === "LoadBalancer"
        ? { ports: withNodePorts(asArray(spec.ports), others) }
        : {}),
    },
  });
}

function freeAddress(others: readonly JsonObject[]): string {
  const taken = new Set(others.map(({ clusterIP }) => clusterIP));
  // The first address of the range belongs to the service of the API server itself.
  for (let number = 2;; number++) {
    const address = `${ADDRESS_PREFIX}.${number >>> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
}

function withNodePorts(ports: readonly Json[], others: readonly JsonObject[]): readonly Json[] {
  const taken = new Set(
    others.flatMap(({ ports }) => asArray(ports).map((port) => valueAt(port, "nodePort"))),
  );
  let next = FIRST_NODE_PORT;
  return ports.map(asObject).map((port) => {
    if (port.nodePort) return port;
    while (taken.has(next)) next++;
    return { ...port, nodePort: next++ };
  });
}
