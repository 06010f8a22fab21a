/** Compares all that is there with what the specs of the networks say. */

import {
  EVENTS,
  type KubeObject,
  PODS,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import {
  configSecretName,
  containerName,
  KIND,
  P2P_PORT,
  podName,
  rpcSecretName,
  serviceName,
  statefulSetName,
} from "../../lib/network/mod.ts";
import { violationsOf } from "../chaos/invariants.ts";
import { Observer } from "../chaos/observe.ts";
import type { Lab } from "./lab.ts";
import type { RealCluster } from "./real_cluster.ts";

/** Number of nodes of each network that is wanted, by its name. */
export type Wanted = ReadonlyMap<string, number>;

/**
 * What is not as it should be, a sentence each: of the networks and their objects, containers, links and added lists
 * nothing may be missing, and nothing else be there.
 */
export async function differences(
  cluster: RealCluster,
  lab: Lab,
  wanted: Wanted,
): Promise<string[]> {
  const objects = [...await objectDifferences(lab, wanted), ...missingOrLeft(cluster, lab, wanted)];
  // Nodes can be asked once they are there.
  return objects.length > 0 ? objects : await linkDifferences(lab, wanted);
}

/** The objects of each kind are those of the wanted networks, each owned by its own one. */
async function objectDifferences(lab: Lab, wanted: Wanted): Promise<string[]> {
  const { items: networks } = await lab.networks.list();
  const { items: sets } = await lab.objects(STATEFUL_SETS).list();
  const uids = new Map([...networks, ...sets].map(({ metadata: { name, uid } }) => [name, uid]));
  const compare = async (
    type: ResourceType<KubeObject>,
    namesOf: (network: string) => readonly string[],
    ownerOf: (network: string) => string = (network) => network,
  ): Promise<string[]> => {
    const { items } = await lab.objects(type).list();
    return compareLists(
      type.plural,
      items.map(({ metadata }) => `${metadata.name} of ${metadata.ownerReferences?.[0]?.uid}`),
      [...wanted.keys()].flatMap((network) =>
        namesOf(network).map((name) => `${name} of ${uids.get(ownerOf(network))}`)
      ),
    );
  };
  const found = await Promise.all([
    compare(SERVICES, (network) => [serviceName(network)]),
    compare(SECRETS, (network) => [configSecretName(network), rpcSecretName(network)]),
    compare(STATEFUL_SETS, (network) => [statefulSetName(network)]),
    compare(PODS, (network) => podsOf(network, wanted), statefulSetName),
  ]);
  return [
    ...compareLists(
      "networks",
      networks.map(({ metadata, spec }) => `${metadata.name} with ${spec.nodes} nodes`),
      [...wanted].map(([name, nodes]) => `${name} with ${nodes} nodes`),
    ),
    ...found.flat(),
  ];
}

/** Each pod has its container, which is a process, and nothing else runs. */
function missingOrLeft(cluster: RealCluster, lab: Lab, wanted: Wanted): string[] {
  return compareLists(
    "containers",
    cluster.containers(lab.namespace).map((name) => name.replace(/ \(.*/, "")),
    [...wanted.keys()].flatMap((network) =>
      podsOf(network, wanted).map((pod) => `${lab.namespace}/${pod}/${containerName(network)}`)
    ),
  );
}

/** Every edge is there, and no other; of a full mesh this small, both ends have it in their lists and dial it, once each. */
async function linkDifferences(lab: Lab, wanted: Wanted): Promise<string[]> {
  const observer = new Observer(lab.target.client, lab.namespace);
  const views = await Promise.all([...wanted.keys()].map((name) => observer.look(name)));
  const found = violationsOf(views);
  for (const { nodes } of views) {
    for (const { name, added, peers = [] } of nodes) {
      const others = nodes.filter((other) => other.name !== name);
      const entries = others.map(({ ip }) => `${ip}:${P2P_PORT}`);
      const dialled = peers.filter(({ inbound }) => !inbound).map(({ addr }) => addr);
      const callers = peers.filter(({ inbound }) => inbound)
        .map(({ subver }) => /\(([^;)]+)[;)]/.exec(subver)?.[1] ?? subver);
      found.push(
        ...compareLists(`added list of ${name}`, added, entries),
        ...compareLists(`what ${name} dialled`, dialled, entries),
        ...compareLists(`who dialled ${name}`, callers, others.map((other) => other.name)),
      );
    }
  }
  return found;
}

/**
 * What happened twice that must happen once for each network of a name: Secrets made, objects told of. And what was put
 * back that nobody had changed.
 */
export async function doubles(
  cluster: RealCluster,
  lab: Lab,
  created: ReadonlyMap<string, number>,
): Promise<string[]> {
  const found: string[] = [];
  const requests = await cluster.controllerRequests();
  for (const [network, times] of created) {
    const made = requests.filter(({ verb, resource, namespace, name, code }) =>
      verb === "create" && resource === "secrets" && code === 201 &&
      namespace === lab.namespace && name === rpcSecretName(network)
    );
    if (made.length > times) found.push(`${made.length} passwords of ${times} '${network}'`);
    for (const reason of ["CreatedService", "CreatedStatefulSet"]) {
      const told = await lab.countEvents(network, reason);
      if (told > times) found.push(`${told} events ${reason} of ${times} ${KIND} '${network}'`);
    }
    const { items } = await lab.objects(EVENTS).list();
    for (const { regarding, reason, note } of items) {
      if (regarding?.name === network && reason === "Repaired") found.push(`${network}: ${note}`);
    }
  }
  return found;
}

function podsOf(network: string, wanted: Wanted): readonly string[] {
  return Array.from(
    { length: wanted.get(network) ?? 0 },
    (_, ordinal) => podName(network, ordinal),
  );
}

/** A sentence if two lists differ in more than their order. */
function compareLists(
  what: string,
  actual: readonly string[],
  expected: readonly string[],
): string[] {
  const [is, shouldBe] = [actual, expected].map((list) => list.toSorted().join(", "));
  return is === shouldBe ? [] : [`${what}: there is [${is}], should be [${shouldBe}]`];
}
