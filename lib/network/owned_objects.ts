/** Keeps all objects of one network as they are wanted. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Secret, Service } from "kubernetes-types/core/v1.d.ts";
import { type KubeClient, SECRETS, SERVICES, STATEFUL_SETS, type Stored } from "../kube/mod.ts";
import { rpcAuth } from "../rpc/mod.ts";
import { type Credentials, credentialsOf, makeCredentials } from "./credentials.ts";
import { configSecretName, rpcSecretName } from "./names.ts";
import { bitcoinConf } from "./objects/bitcoin_conf.ts";
import type { Owner } from "./objects/metadata.ts";
import { configSecretOf, rpcSecretOf } from "./objects/secrets.ts";
import { serviceOf } from "./objects/service.ts";
import { statefulSetOf } from "./objects/stateful_set.ts";
import { checkOwner, type Deed, hashOf, keepObject, StalledError } from "./owned_object.ts";
import type { SecretReader } from "./secret_reader.ts";
import type { NetworkEvent } from "./transitions.ts";
import type { Settings } from "./validation.ts";

/** What it takes to keep the objects of a network. */
export interface OwnedObjectsInput {
  /** Writes them. */
  readonly client: KubeClient;
  /** Reads Secrets of the network's namespace. */
  readonly secrets: SecretReader;
  /** The network. */
  readonly owner: Owner;
  /** What is wanted of it. */
  readonly settings: Settings;
  /** Its Service, as far as it is known. */
  readonly service: Readonly<Stored<Service>> | undefined;
  /** Its StatefulSet, as far as it is known. */
  readonly set: Readonly<Stored<StatefulSet>> | undefined;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** The objects of a network as they are now. */
export interface OwnedObjects {
  /** Credentials of the nodes' RPC. */
  readonly credentials: Credentials;
  /** The StatefulSet. */
  readonly set: Readonly<Stored<StatefulSet>>;
  /** What was done, for people. */
  readonly events: readonly NetworkEvent[];
}

/**
 * Makes the network's objects what is wanted of them, in the order in which they need each other.
 *
 * @throws {StalledError} if a person must mend something first
 */
export async function keepObjects(input: OwnedObjectsInput): Promise<OwnedObjects> {
  const { client, owner, settings, signal } = input;
  const services = client.resource(SERVICES, owner.namespace);
  const sets = client.resource(STATEFUL_SETS, owner.namespace);

  const service = await keepObject(services, serviceOf(owner), owner.uid, input.service, signal);
  const credentials = await keepCredentials(input);
  const { user, password, salt } = credentials;
  const conf = bitcoinConf(await rpcAuth(user, password, salt), settings.image);
  const config = await keepSecret(input, configSecretName(owner.name), configSecretOf(owner, conf));
  const wantedSet = statefulSetOf(owner, settings, hashOf(conf));
  const set = await keepObject(sets, wantedSet, owner.uid, input.set, signal);

  return {
    credentials,
    set: set.object,
    events: [
      ...eventsOf("Service", service.object.metadata.name, service.deed),
      ...eventsOf("Secret", configSecretName(owner.name), config),
      ...eventsOf("StatefulSet", set.object.metadata.name, set.deed),
      ...scaleEvents(input.set, settings.nodes, set.deed),
    ],
  };
}

/** The person's credentials, or the controller's own: made once, and never overwritten. */
async function keepCredentials(input: OwnedObjectsInput): Promise<Credentials> {
  const { secrets, owner, settings, signal } = input;
  const name = settings.secret ?? rpcSecretName(owner.name);
  let secret = await secrets.get(name, signal);
  if (!secret) {
    if (settings.secret) {
      throw new StalledError({
        reason: "SecretMissing",
        message:
          `Secret '${name}' does not exist in namespace '${owner.namespace}'; create it with the keys ` +
          "BC_RPC_USER and BC_RPC_PASSWORD, or leave spec.secret empty",
      });
    }
    await keepSecret(input, name, rpcSecretOf(owner, makeCredentials()));
    secret = await secrets.get(name, signal);
  }
  if (!secret) throw new Error(`Secret '${name}' was deleted while it was made`);
  if (!settings.secret) checkOwner(secret, "Secret", owner.uid);
  const credentials = credentialsOf(secret, owner.uid);
  if ("problem" in credentials) {
    const mend = settings.secret ? "mend it" : "delete it, and the controller makes another";
    throw new StalledError({ reason: "SecretInvalid", message: `${credentials.problem}; ${mend}` });
  }
  return credentials;
}

async function keepSecret(input: OwnedObjectsInput, name: string, wanted: Secret): Promise<Deed> {
  const { client, secrets, owner, signal } = input;
  const handle = client.resource(SECRETS, owner.namespace);
  const known = await secrets.get(name, signal);
  const { object, deed } = await keepObject(handle, wanted, owner.uid, known, signal);
  secrets.remember(name, object);
  return deed;
}

function eventsOf(kind: string, name: string, deed: Deed): NetworkEvent[] {
  if (deed.did === "repaired") {
    return [{
      type: "Normal",
      reason: "Repaired",
      note: `Put back ${deed.field} of ${kind} '${name}', which somebody had changed`,
      action: `Repair${kind}`,
    }];
  }
  if (deed.did !== "created" || kind === "Secret") return [];
  return [{ type: "Normal", reason: `Created${kind}`, note: `Created ${kind} '${name}'` }];
}

function scaleEvents(
  before: Readonly<Stored<StatefulSet>> | undefined,
  nodes: number,
  { did }: Deed,
): NetworkEvent[] {
  const replicas = before?.spec?.replicas;
  if (did !== "changed" || replicas === undefined || replicas === nodes) return [];
  return [{
    type: "Normal",
    reason: "Scaled",
    note: `Scaled from ${replicas} to ${nodes} nodes`,
    action: `ScaleTo${nodes}`,
  }];
}
