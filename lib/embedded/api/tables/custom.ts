/** Custom resources as rows, by the `additionalPrinterColumns` of their CRD; and CRDs themselves. */

import { asArray, asObject, asString, type Json, type JsonObject } from "../json.ts";
import { age } from "./duration.ts";
import { parseJsonPath } from "./json_path.ts";
import {
  AGE,
  column,
  type ColumnDefinition,
  CREATION_DESCRIPTION,
  layout,
  NAME,
  type TableLayout,
} from "./layout.ts";

/** Rows of custom resource definitions. */
export const DEFINITIONS_TABLE: TableLayout = layout<JsonObject>(
  [NAME, column("Created At", CREATION_DESCRIPTION, { type: "date" })],
  ({ metadata }) => [metadata.name ?? "", metadata.creationTimestamp ?? null],
);

/** What a CRD shows that says nothing about columns. */
const DEFAULT_COLUMNS: readonly Json[] = [
  {
    name: "Age",
    type: "date",
    description: AGE.description,
    jsonPath: ".metadata.creationTimestamp",
  },
];

/** The rows of a custom resource, by the columns that a version of its CRD asks for. */
export function customTable(printerColumns: Json | undefined): TableLayout {
  const wanted = printerColumns === undefined ? DEFAULT_COLUMNS : asArray(printerColumns);
  const columns = wanted.map(asObject).map((spec) => ({
    definition: definition(spec),
    cell: cellReader(spec),
  }));
  return {
    columns: [NAME, ...columns.map((column) => column.definition)],
    cells: (
      object,
      now,
    ) => [object.metadata.name ?? "", ...columns.map(({ cell }) => cell(object, now))],
  };
}

function definition(spec: JsonObject): ColumnDefinition {
  const path = asString(spec.jsonPath);
  const description = asString(spec.description) ||
    `Custom resource definition column (in JSONPath format): ${path}`;
  const { priority } = spec;
  return column(asString(spec.name), description, {
    type: asString(spec.type),
    format: asString(spec.format),
    priority: typeof priority === "number" ? priority : 0,
  });
}

function cellReader({ jsonPath, type }: JsonObject): (object: JsonObject, now: number) => Json {
  const find = parseJsonPath(asString(jsonPath));
  return (object, now) => {
    const [value] = find(object);
    return value === undefined ? null : cellOf(value, asString(type), now);
  };
}

/** After `cellForJSONValue` of `apiextensions-apiserver/pkg/registry/customresource/tableconvertor`. */
function cellOf(value: Json, type: string, now: number): Json {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? age(value, now) : null;
    default:
      if (value === null) return null;
      return typeof value === "string" ? value : JSON.stringify(value);
  }
}
