/** How the objects of a kind are shown as rows of a Table: what `kubectl get` prints. */

import type { Json } from "../json.ts";
import type { ApiObject } from "../object.ts";

/** The head of a column. */
export interface ColumnDefinition {
  /** Title. */
  readonly name: string;
  /** OpenAPI type of the cells. */
  readonly type: string;
  /** OpenAPI format; `name` marks the column with the object's name. */
  readonly format: string;
  /** What it shows. */
  readonly description: string;
  /** 0: always shown; 1: only with `-o wide`. */
  readonly priority: number;
}

/** The columns of a kind and how they are filled. */
export interface TableLayout {
  /** Heads. */
  readonly columns: readonly ColumnDefinition[];
  /** The cells of one object at `now`, in ms since 1970. */
  readonly cells: (object: ApiObject, now: number) => readonly Json[];
}

/** Makes the layout of a kind whose TypeScript type is `T`. */
export function layout<T>(
  columns: readonly ColumnDefinition[],
  cells: (object: T & { metadata: ApiObject["metadata"] }, now: number) => readonly Json[],
): TableLayout {
  // Every stored object has been through the schema of its kind, which is what T describes.
  return { columns, cells: (object, now) => cells(object as unknown as T & ApiObject, now) };
}

/** Makes a column, of text if nothing else is said. */
export function column(
  name: string,
  description: string,
  options: { readonly type?: string; readonly format?: string; readonly priority?: number } = {},
): ColumnDefinition {
  const { type = "string", format = "", priority = 0 } = options;
  return { name, type, format, description, priority };
}

/** The name of the object; texts of this and the following descriptions are those of the real server. */
export const NAME: ColumnDefinition = column(
  "Name",
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  { format: "name" },
);

/** What `creationTimestamp` means. */
export const CREATION_DESCRIPTION =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** How long ago the object was created. */
export const AGE: ColumnDefinition = column("Age", CREATION_DESCRIPTION);

/** What stands in a cell that has nothing to show. */
export const NONE = "<none>";

/** Texts with commas in between, or `<none>`. */
export function joined(texts: readonly string[] | undefined): string {
  return texts && texts.length > 0 ? texts.join(",") : NONE;
}

/** Labels as a selector writes them, or `<none>`. */
export function joinedLabels(labels: Readonly<Record<string, string>> | undefined): string {
  return joined(Object.entries(labels ?? {}).sort().map(([name, value]) => `${name}=${value}`));
}
