/** Spares a network at rest the work of making its objects once more, only to see that they are as they should be. */

import { holdSameThings, isSame } from "./_is_same.ts";
import { configSecretName, rpcSecretName } from "./names.ts";
import { type KeepInput, keepObjects, type OwnedObjects, resizeSet } from "./owned_objects.ts";
import type { Settings } from "./validation.ts";

/** Objects that were right, and what tells that they are the same still. */
interface Found {
  readonly settings: Settings;
  readonly objects: OwnedObjects;
  readonly things: readonly unknown[];
}

/** The objects of one network as they were found to be right. */
export class KeptObjects {
  #found: Found | undefined;

  /**
   * Makes the objects what is wanted of them; compares them only if the spec or one of them is another one than the
   * last time: whatever changes is a new object to an informer and to the reader of Secrets. Another number of nodes is written first.
   *
   * @throws what {@linkcode keepObjects} throws
   */
  async keep(input: KeepInput): Promise<OwnedObjects> {
    const { secrets, settings, signal } = input;
    const before = this.#found;
    // Whatever fails, the next run compares.
    this.#found = undefined;
    if (before?.settings === settings) {
      const read = secretNames(input).map((name) => secrets.get(name, { isUrgent: false, signal }));
      if (holdSameThings(thingsOf(input, await Promise.all(read)), before.things)) {
        this.#found = before;
        return before.objects;
      }
    }
    const isUrgent = before !== undefined && isOnlyReshaped(before.settings, settings);
    if (isUrgent) await resizeKnown(before.objects.set, input);
    const objects = await keepObjects({ ...input, isUrgent });
    const known = secretNames(input).map((name) => secrets.known(name, { isUrgent: false }));
    const things = thingsOf(input, known);
    // What is not known to be there may be gone.
    if (!things.includes(undefined)) {
      this.#found = { settings, objects: { ...objects, isSetNew: false }, things };
    }
    return objects;
  }
}

/** What was right with one number of nodes is right with another one: it is written before anything is compared. */
async function resizeKnown(set: OwnedObjects["set"], input: KeepInput): Promise<void> {
  const isKnown = input.writes.set.newest(input.set) === set && !set.metadata.deletionTimestamp;
  if (isKnown && set.spec?.replicas !== input.settings.nodes) await resizeSet(set, input);
}

/**
 * Whether other settings differ in no more than the nodes and their links, which somebody waits for. What has the pods
 * replaced takes longer anyway, and is done once, with the Secrets as they are now.
 */
function isOnlyReshaped(before: Settings, settings: Settings): boolean {
  const { nodes, topology } = settings;
  return settings !== before && isSame({ ...before, nodes, topology }, settings);
}

function secretNames(
  { settings, owner }: Pick<KeepInput, "settings" | "owner">,
): readonly string[] {
  return [settings.secret ?? rpcSecretName(owner.name), configSecretName(owner.name)];
}

function thingsOf(
  { service, set, writes }: KeepInput,
  secrets: readonly unknown[],
): readonly unknown[] {
  return [writes.service.newest(service), writes.set.newest(set), ...secrets];
}
