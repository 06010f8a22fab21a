/** Objects can be created only in namespaces that are there and stay (the admission plugin `NamespaceLifecycle`). */

import type { Call } from "../call.ts";
import { resourceSubject } from "../registry/resource.ts";
import { forbidden, notFound, StatusError } from "../status.ts";

/** Name of the collection that holds namespaces. */
const NAMESPACES = "/namespaces";

/**
 * Refuses to create an object in a namespace that is missing or on its way out.
 *
 * @throws {StatusError} 404 or 403
 */
export function checkNamespace({ state, target, resource }: Call, name: string): void {
  const { namespace } = target;
  if (namespace === "" || resource.collection === NAMESPACES) return;
  const found = state.storage.collection(NAMESPACES).get(namespace);
  if (!found) throw notFound({ group: "", kind: "namespaces" }, namespace);
  if (!found.metadata.deletionTimestamp) return;
  const { parts } = forbidden(
    resourceSubject(resource),
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  throw new StatusError({ ...parts, details: { ...parts.details, causes: [cause] } });
}
