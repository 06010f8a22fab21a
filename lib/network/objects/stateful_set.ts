/** The StatefulSet that runs the nodes. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Container, PodSpec } from "kubernetes-types/core/v1.d.ts";
import {
  CONFIG_ANNOTATION,
  configSecretName,
  containerName,
  labelsOf,
  P2P_PORT,
  RPC_PORT,
  selectorOf,
  serviceName,
  statefulSetName,
} from "../names.ts";
import type { Settings } from "../validation.ts";
import { CONFIG_KEY, CONFIG_PATH, DATA_PATH } from "./bitcoin_conf.ts";
import { metadataOf, type Owner } from "./metadata.ts";

/** User and group of the processes: those of bitcoin/bitcoin's image; any other image works with them too. */
const USER_ID = 101;
/** Tests that a container may fail before it is restarted, one a second: time to load a big chain. */
const STARTUP_FAILURES = 600;

/** The StatefulSet of a network. `configHash` is of what the pods read at their start: another one rolls them. */
export function statefulSetOf(owner: Owner, settings: Settings, configHash: string): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(owner, statefulSetName(owner.name)),
    spec: {
      replicas: settings.nodes,
      serviceName: serviceName(owner.name),
      podManagementPolicy: "Parallel",
      selector: { matchLabels: selectorOf(owner.name) },
      template: {
        metadata: {
          labels: labelsOf(owner.name),
          annotations: { [CONFIG_ANNOTATION]: configHash },
        },
        spec: podSpecOf(owner, settings),
      },
    },
  };
}

function podSpecOf(owner: Owner, settings: Settings): PodSpec {
  return {
    automountServiceAccountToken: false,
    // A Service called `bitcoin` would put BITCOIN_* variables into the container.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [containerOf(owner, settings)],
    volumes: [
      { name: "data", emptyDir: {} },
      { name: "config", secret: { secretName: configSecretName(owner.name), defaultMode: 0o440 } },
    ],
  };
}

function containerOf(owner: Owner, settings: Settings): Container {
  const cli = ["bitcoin-cli", "-regtest", `-conf=${CONFIG_PATH}`];
  return {
    name: containerName(owner.name),
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    // By name, from the image's PATH: images differ in the folder, and some have an entrypoint that wants to be root.
    command: ["bitcoind", `-conf=${CONFIG_PATH}`, "-uacomment=$(POD_NAME)"],
    env: [{
      name: "POD_NAME",
      valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } },
    }],
    ports: [
      { name: "rpc", containerPort: RPC_PORT, protocol: "TCP" },
      { name: "p2p", containerPort: P2P_PORT, protocol: "TCP" },
    ],
    // The last lines of a bitcoind that failed say why, in the pod's status.
    terminationMessagePolicy: "FallbackToLogsOnError",
    resources: { requests: { cpu: "100m", memory: "96Mi" } },
    startupProbe: {
      exec: { command: [...cli, "getblockchaininfo"] },
      // Sooner bitcoind cannot answer, and each failure is an event.
      initialDelaySeconds: 1,
      periodSeconds: 1,
      timeoutSeconds: 5,
      failureThreshold: STARTUP_FAILURES,
    },
    readinessProbe: {
      exec: { command: [...cli, "getnetworkinfo"] },
      periodSeconds: 5,
      timeoutSeconds: 5,
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "data", mountPath: DATA_PATH },
      { name: "config", mountPath: CONFIG_PATH, subPath: CONFIG_KEY, readOnly: true },
    ],
  };
}
