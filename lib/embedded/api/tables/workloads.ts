/** StatefulSets and their revisions as rows. */

import type { ControllerRevision, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { OwnerReference } from "kubernetes-types/meta/v1.d.ts";

import { age } from "./duration.ts";
import {
  AGE,
  column,
  type ColumnDefinition,
  joined,
  layout,
  NAME,
  NONE,
  type TableLayout,
} from "./layout.ts";

const STATEFUL_SET_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Ready", "Number of the pod with ready state"),
  AGE,
  column("Containers", "Names of each container in the template.", { priority: 1 }),
  column("Images", "Images referenced by each container in the template.", { priority: 1 }),
];

const REVISION_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Controller", "Controller of the object"),
  column("Revision", "revision indicates the revision of the state represented by Data."),
  AGE,
];

/** Rows of stateful sets. */
export const STATEFUL_SETS_TABLE: TableLayout = layout<StatefulSet>(
  STATEFUL_SET_COLUMNS,
  ({ metadata, spec, status }, now) => {
    const containers = spec?.template.spec?.containers ?? [];
    return [
      metadata.name ?? "",
      `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
      age(metadata.creationTimestamp, now),
      joined(containers.map(({ name }) => name)),
      joined(containers.map(({ image = "" }) => image)),
    ];
  },
);

/** Rows of controller revisions. */
export const CONTROLLER_REVISIONS_TABLE: TableLayout = layout<ControllerRevision>(
  REVISION_COLUMNS,
  ({ metadata, revision }, now) => [
    metadata.name ?? "",
    controllerText(metadata.ownerReferences),
    revision,
    age(metadata.creationTimestamp, now),
  ],
);

/** The controlling owner as `kind.group/name`. */
function controllerText(owners: readonly OwnerReference[] = []): string {
  const owner = owners.find(({ controller }) => controller === true);
  if (!owner) return NONE;
  const [group = "", version] = owner.apiVersion.split("/");
  const kind = owner.kind.toLowerCase();
  return `${version === undefined ? kind : `${kind}.${group}`}/${owner.name}`;
}
