/** Spares a network at rest the work of making its objects once more, only to see that they are as they should be. */

import { holdSameThings } from "./_is_same.ts";
import { configSecretName, rpcSecretName } from "./names.ts";
import { keepObjects, type OwnedObjects, type OwnedObjectsInput } from "./owned_objects.ts";

/** The objects of one network as they were found to be right. */
export class KeptObjects {
  /** What they were compared with, and looked like. */
  #seen: readonly unknown[] = [];
  #kept: OwnedObjects | undefined;

  /**
   * Makes the objects what is wanted of them; compares them only if the spec or one of them is another one than the
   * last time: whatever changes is a new object to an informer and to the reader of Secrets.
   *
   * @throws what {@linkcode keepObjects} throws
   */
  async keep(input: OwnedObjectsInput): Promise<OwnedObjects> {
    // Of a new network nothing is there yet, and to look for it would only take time.
    const seen = input.isNew ? undefined : await look(input);
    if (seen && this.#kept && holdSameThings(seen, this.#seen)) return this.#kept;
    this.#kept = undefined;
    const kept = await keepObjects(input);
    // What was written is another object now, and is looked at once more; what was not there may be gone once more.
    this.#seen = seen && !seen.includes(undefined) ? seen : [];
    this.#kept = { ...kept, isSetNew: false };
    return kept;
  }
}

async function look(
  { settings, owner, secrets, service, set, writes, signal }: OwnedObjectsInput,
): Promise<readonly unknown[]> {
  const names = [settings.secret ?? rpcSecretName(owner.name), configSecretName(owner.name)];
  return [
    settings,
    writes.service.newest(service),
    writes.set.newest(set),
    ...await Promise.all(names.map((name) => secrets.get(name, signal))),
  ];
}
