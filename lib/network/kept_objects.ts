/** Spares a network at rest the work of making its objects once more, only to see that they are as they should be. */

import { holdSameThings } from "./_is_same.ts";
import { configSecretName, rpcSecretName } from "./names.ts";
import { keepObjects, type OwnedObjects, type OwnedObjectsInput } from "./owned_objects.ts";
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
   * last time: whatever changes is a new object to an informer and to the reader of Secrets.
   *
   * @throws what {@linkcode keepObjects} throws
   */
  async keep(input: Omit<OwnedObjectsInput, "isUrgent">): Promise<OwnedObjects> {
    const { secrets, settings, signal } = input;
    const before = this.#found;
    const isUrgent = before !== undefined && before.settings !== settings;
    const atLeisure = { isUrgent: false, signal };
    // Whatever fails, the next run compares.
    this.#found = undefined;
    if (before && !isUrgent) {
      const read = secretNames(input).map((name) => secrets.get(name, atLeisure));
      if (holdSameThings(thingsOf(input, await Promise.all(read)), before.things)) {
        this.#found = before;
        return before.objects;
      }
    }
    const objects = await keepObjects({ ...input, isUrgent });
    const things = thingsOf(
      input,
      secretNames(input).map((name) => secrets.known(name, atLeisure)),
    );
    // What is not known to be there may be gone.
    if (!things.includes(undefined)) {
      this.#found = { settings, objects: { ...objects, isSetNew: false }, things };
    }
    return objects;
  }
}

function secretNames(
  { settings, owner }: Pick<OwnedObjectsInput, "settings" | "owner">,
): readonly string[] {
  return [settings.secret ?? rpcSecretName(owner.name), configSecretName(owner.name)];
}

function thingsOf(
  { service, set, writes }: Pick<OwnedObjectsInput, "service" | "set" | "writes">,
  secrets: readonly unknown[],
): readonly unknown[] {
  return [writes.service.newest(service), writes.set.newest(set), ...secrets];
}
