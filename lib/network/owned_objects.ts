/** Keeps all objects of one network as they are wanted. */

import type { StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { Secret, Service } from "kubernetes-types/core/v1.d.ts";
import {
  ApiError,
  controllerOf,
  type KubeClient,
  type KubeObject,
  type ResourceHandle,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
  type Stored,
} from "../kube/mod.ts";
import { rpcAuth } from "../rpc/mod.ts";
import { type Credentials, credentialsOf, makeCredentials } from "./credentials.ts";
import { firstDifference } from "./drift.ts";
import { hashOf } from "./hash.ts";
import { networkMark } from "./identity.ts";
import type { LastWrite } from "./last_write.ts";
import type { LastWrites } from "./memory.ts";
import { FIELD_MANAGER, rpcSecretName } from "./names.ts";
import { bitcoinConf } from "./objects/bitcoin_conf.ts";
import type { Owner } from "./objects/metadata.ts";
import { configSecretOf, rpcSecretOf } from "./objects/secrets.ts";
import { serviceOf } from "./objects/service.ts";
import { statefulSetOf } from "./objects/stateful_set.ts";
import { checkOwner, type Deed, keepObject, type Kept, StalledError } from "./owned_object.ts";
import { resize } from "./resize.ts";
import type { SecretReader } from "./secret_reader.ts";
import type { NetworkEvent } from "./transitions.ts";
import type { Settings } from "./validation.ts";

/** What it takes to keep the objects of a network. */
export interface KeepInput {
  /** Writes them. */
  readonly client: KubeClient;
  /** Reads Secrets of the network's namespace. */
  readonly secrets: SecretReader;
  /** What was written in earlier runs. */
  readonly writes: LastWrites;
  /** The network. */
  readonly owner: Owner;
  /** What is wanted of it. */
  readonly settings: Settings;
  /** Whether nothing of it is expected to be there yet. */
  readonly isNew: boolean;
  /** Its Service, as far as the informer knows. */
  readonly service: Readonly<Stored<Service>> | undefined;
  /** Its StatefulSet, as far as the informer knows. */
  readonly set: Readonly<Stored<StatefulSet>> | undefined;
  /** Called before a change of the StatefulSet that has its pods replaced. */
  readonly beforeRollout: () => Promise<void>;
  /** Tells people what was done. */
  readonly tell: (event: NetworkEvent) => void;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** The same, and how urgent it is. */
export interface OwnedObjectsInput extends KeepInput {
  /** Whether somebody waits, and Secrets that were read a while ago serve. */
  readonly isUrgent: boolean;
}

/** The objects of a network as they are now. */
export interface OwnedObjects {
  /** Credentials of the nodes' RPC. */
  readonly credentials: Credentials;
  /** The StatefulSet. */
  readonly set: Readonly<Stored<StatefulSet>>;
  /** Whether the StatefulSet of a new network was created just now. */
  readonly isSetNew: boolean;
}

/**
 * Makes the network's objects what is wanted of them, in the order in which they need each other.
 *
 * @throws {StalledError} if a person must mend something first
 * @throws {LeftoverError} if something must go first
 */
export async function keepObjects(input: OwnedObjectsInput): Promise<OwnedObjects> {
  const { client, owner, settings, isNew, writes } = input;
  const services = client.resource(SERVICES, owner.namespace);
  const sets = client.resource(STATEFUL_SETS, owner.namespace);

  await keepWatched(input, services, serviceOf(owner), input.service, writes.service);
  const credentials = await keepCredentials(input);
  const { user, password, salt } = credentials;
  const conf = bitcoinConf({
    rpcauth: await rpcAuth(user, password, salt),
    image: settings.image,
    mark: networkMark(owner.uid),
  });
  await keepSecret(input, configSecretOf(owner, conf));
  const setBefore = writes.set.newest(input.set);
  const before = setBefore?.spec?.replicas;
  const wantedSet = statefulSetOf(owner, settings, hashOf(conf));
  if (setBefore && rolls(wantedSet, setBefore, owner)) await input.beforeRollout();
  const { object, deed } = await keepWatched(input, sets, wantedSet, input.set, writes.set);
  if (deed.did === "changed") tellScaled(input.tell, before, object.spec?.replicas);
  return { credentials, set: object, isSetNew: isNew && deed.did === "created" };
}

/** Gives the StatefulSet the wanted number of nodes and looks at nothing else: `set` is right but for that. */
export async function resizeSet(set: OwnedObjects["set"], input: KeepInput): Promise<void> {
  const { client, owner, settings, writes, tell, signal } = input;
  const handle = client.resource(STATEFUL_SETS, owner.namespace);
  const resized = await resize(handle, set, settings.nodes, signal);
  writes.set.note(input.set, resized);
  tellScaled(tell, set.spec?.replicas, resized.spec?.replicas);
}

/** Tells of another number of nodes, as the server has it. */
function tellScaled(
  tell: KeepInput["tell"],
  before: number | undefined,
  after: number | undefined,
): void {
  if (before === undefined || after === undefined || before === after) return;
  tell({
    type: "Normal",
    reason: "Scaled",
    note: `Scaled from ${before} to ${after} nodes`,
    action: `ScaleTo${after}`,
  });
}

/** Whether the pods of `live`, if it is the network's own, are replaced when it becomes as wanted. */
function rolls(wanted: StatefulSet, live: Readonly<Stored<StatefulSet>>, owner: Owner): boolean {
  return controllerOf(live)?.uid === owner.uid &&
    firstDifference(wanted.spec?.template, live.spec?.template) !== undefined;
}

/** The person's credentials, or the controller's own: made once, and never overwritten. */
async function keepCredentials(input: OwnedObjectsInput): Promise<Credentials> {
  const { secrets, owner, settings, isNew } = input;
  const name = settings.secret ?? rpcSecretName(owner.name);
  const isExpected = settings.secret !== undefined || !isNew;
  let secret = isExpected ? await secrets.get(name, input) : secrets.known(name, input);
  if (!secret) {
    if (settings.secret) {
      throw new StalledError({
        reason: "SecretMissing",
        message:
          `Secret '${name}' does not exist in namespace '${owner.namespace}'; create it with the keys ` +
          "BC_RPC_USER and BC_RPC_PASSWORD, or leave spec.secret empty",
      });
    }
    secret = await makeSecret(input, rpcSecretOf(owner, makeCredentials()));
  }
  if (!secret) throw new Error(`Secret '${name}' was deleted while it was made`);
  if (!settings.secret) {
    // Whatever is wrong with it may be mended at any moment.
    try {
      checkOwner(secret, "Secret", owner);
    } catch (error) {
      secrets.forget(name);
      throw error;
    }
  }
  const credentials = credentialsOf(secret, owner.uid);
  if ("problem" in credentials) {
    secrets.forget(name);
    const mend = settings.secret ? "mend it" : "delete it, and the controller makes another";
    throw new StalledError({ reason: "SecretInvalid", message: `${credentials.problem}; ${mend}` });
  }
  return credentials;
}

/** Makes a Secret, or takes the one that somebody made a moment before: it is never overwritten. */
async function makeSecret(
  input: OwnedObjectsInput,
  wanted: Secret,
): Promise<Stored<Secret> | undefined> {
  const { client, secrets, owner, signal } = input;
  const name = wanted.metadata?.name ?? "";
  try {
    const handle = client.resource(SECRETS, owner.namespace);
    const made = await handle.create(wanted, { fieldManager: FIELD_MANAGER, signal });
    secrets.remember(name, made);
    return made;
  } catch (error) {
    if (!(error instanceof ApiError && error.isAlreadyExists)) throw error;
    return await secrets.get(name, input);
  }
}

/** Keeps an object that an informer watches. */
async function keepWatched<T extends KubeObject>(
  input: OwnedObjectsInput,
  handle: ResourceHandle<T>,
  wanted: T,
  cached: Readonly<Stored<T>> | undefined,
  write: LastWrite<T>,
): Promise<Kept<T>> {
  const { owner, isNew, tell, signal } = input;
  const known = write.newest(cached);
  // What no informer shows may be there all the same: it may have lost the labels that they select.
  const live = known || isNew ? known : await handle.find(wanted.metadata?.name ?? "", { signal });
  const kept = await keepObject(handle, wanted, owner, live, signal);
  const { object, deed } = kept;
  if (deed.did !== "nothing") write.note(cached, object);
  const { kind } = handle.type;
  const { name } = object.metadata;
  tellRepair(tell, kind, name, deed);
  if (deed.did === "created") {
    tell({ type: "Normal", reason: `Created${kind}`, note: `Created ${kind} '${name}'` });
  }
  return kept;
}

/** Keeps a Secret, which no informer watches. */
async function keepSecret(input: OwnedObjectsInput, wanted: Secret): Promise<void> {
  const { client, secrets, owner, isNew, tell, signal } = input;
  const handle = client.resource(SECRETS, owner.namespace);
  const name = wanted.metadata?.name ?? "";
  const live = isNew ? secrets.known(name, input) : await secrets.get(name, input);
  const { object, deed } = await keepObject(handle, wanted, owner, live, signal)
    .catch((error) => {
      // It is not what it was taken for; the next run reads it anew.
      secrets.forget(name);
      throw error;
    });
  // What was only read keeps its age, or else nobody would ever read it again.
  if (deed.did !== "nothing") secrets.remember(name, object);
  tellRepair(tell, "Secret", name, deed);
}

function tellRepair(
  tell: OwnedObjectsInput["tell"],
  kind: string,
  name: string,
  deed: Deed,
): void {
  if (deed.did !== "repaired") return;
  tell({
    type: "Normal",
    reason: "Repaired",
    note: `Put back ${deed.field} of ${kind} '${name}', which somebody had changed`,
    action: `Repair${kind}`,
  });
}
