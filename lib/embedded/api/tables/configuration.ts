/** What pods are configured with as rows: secrets, config maps, service accounts, volume claims; and leases. */

import type {
  ConfigMap,
  PersistentVolumeClaim,
  Secret,
  ServiceAccount,
} from "kubernetes-types/core/v1.d.ts";
import type { Lease } from "kubernetes-types/coordination/v1.d.ts";

import { age } from "./duration.ts";
import { AGE, column, type ColumnDefinition, layout, NAME, type TableLayout } from "./layout.ts";

const SECRET_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column(
    "Type",
    "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
  ),
  column(
    "Data",
    "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4",
  ),
  AGE,
];

const CONFIG_MAP_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column(
    "Data",
    "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.",
  ),
  AGE,
];

const SERVICE_ACCOUNT_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column(
    "Secrets",
    'Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use. Pods are only limited to this list if this service account has a "kubernetes.io/enforce-mountable-secrets" annotation set to "true". The "kubernetes.io/enforce-mountable-secrets" annotation is deprecated since v1.32. Prefer separate namespaces to isolate access to mounted secrets. This field should not be used to find auto-generated service account token secrets for use outside of pods. Instead, tokens can be requested directly using the TokenRequest API, or service account token secrets can be manually created. More info: https://kubernetes.io/docs/concepts/configuration/secret',
  ),
  AGE,
];

const CLAIM_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column("Status", "phase represents the current phase of PersistentVolumeClaim."),
  column(
    "Volume",
    "volumeName is the binding reference to the PersistentVolume backing this claim.",
  ),
  column("Capacity", "capacity represents the actual resources of the underlying volume."),
  column(
    "Access Modes",
    "accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1",
  ),
  column("StorageClass", "StorageClass of the pvc"),
  column("VolumeAttributesClass", "VolumeAttributesClass of the pvc"),
  AGE,
  column(
    "VolumeMode",
    "volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec.",
    { priority: 1 },
  ),
];

const LEASE_COLUMNS: readonly ColumnDefinition[] = [
  NAME,
  column(
    "Holder",
    "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
  ),
  AGE,
];

/** Rows of secrets. */
export const SECRETS_TABLE: TableLayout = layout<Secret>(
  SECRET_COLUMNS,
  ({ metadata, type = "", data = {} }, now) => [
    metadata.name ?? "",
    type,
    Object.keys(data).length,
    age(metadata.creationTimestamp, now),
  ],
);

/** Rows of config maps. */
export const CONFIG_MAPS_TABLE: TableLayout = layout<ConfigMap>(
  CONFIG_MAP_COLUMNS,
  ({ metadata, data = {}, binaryData = {} }, now) => [
    metadata.name ?? "",
    Object.keys(data).length + Object.keys(binaryData).length,
    age(metadata.creationTimestamp, now),
  ],
);

/** Rows of service accounts. */
export const SERVICE_ACCOUNTS_TABLE: TableLayout = layout<ServiceAccount>(
  SERVICE_ACCOUNT_COLUMNS,
  ({ metadata, secrets = [] }, now) => [
    metadata.name ?? "",
    secrets.length,
    age(metadata.creationTimestamp, now),
  ],
);

/** Short forms of access modes. */
const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** Rows of persistent volume claims. */
export const CLAIMS_TABLE: TableLayout = layout<PersistentVolumeClaim>(
  CLAIM_COLUMNS,
  ({ metadata, spec = {}, status = {} }, now) => {
    const bound = spec.volumeName !== undefined;
    return [
      metadata.name ?? "",
      metadata.deletionTimestamp ? "Terminating" : status.phase ?? "",
      spec.volumeName ?? "",
      bound ? status.capacity?.storage ?? "" : "",
      bound ? (status.accessModes ?? []).map((mode) => ACCESS_MODES[mode] ?? mode).join(",") : "",
      spec.storageClassName ?? "",
      "<unset>",
      age(metadata.creationTimestamp, now),
      spec.volumeMode ?? "<unset>",
    ];
  },
);

/** Rows of leases. */
export const LEASES_TABLE: TableLayout = layout<Lease>(
  LEASE_COLUMNS,
  ({ metadata, spec }, now) => [
    metadata.name ?? "",
    spec?.holderIdentity ?? "",
    age(metadata.creationTimestamp, now),
  ],
);
