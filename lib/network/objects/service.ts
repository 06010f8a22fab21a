/** The headless Service that gives each pod its DNS name. */

import type { Service } from "kubernetes-types/core/v1.d.ts";
import { P2P_PORT, RPC_PORT, selectorOf, serviceName } from "../names.ts";
import { metadataOf, type Owner } from "./metadata.ts";

/** The Service of a network. */
export function serviceOf(owner: Owner): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadataOf(owner, serviceName(owner.name)),
    spec: {
      clusterIP: "None",
      selector: selectorOf(owner.name),
      // A node must be found by its peers before it is Ready, and a name that was not found is cached by DNS.
      publishNotReadyAddresses: true,
      ports: [
        { name: "rpc", port: RPC_PORT, targetPort: "rpc", protocol: "TCP" },
        { name: "p2p", port: P2P_PORT, targetPort: "p2p", protocol: "TCP" },
      ],
    },
  };
}
