/** Resources that a CustomResourceDefinition describes. */

import { customKind } from "../../schema/mod.ts";
import { asArray, asObject, asString, type Json, type JsonObject, valueAt } from "../json.ts";
import { type ApiObject, asApiObject } from "../object.ts";
import type { SelectableFields } from "../selectors/field_selector.ts";
import { customTable } from "../tables/custom.ts";
import { SCALE, STATUS } from "./built_in.ts";
import { fieldsAt, readerOf } from "./fields.ts";
import { memoized, type Resource, type ScalePaths } from "./resource.ts";

/** The order in which the real server lists the verbs of custom resources. */
const VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/** The resources of a CRD, one for each version that is served. */
export function customResources(crd: ApiObject): readonly Resource[] {
  const spec = asObject(crd.spec);
  const versions = asArray(spec.versions).map(asObject);
  const storage = versions.find((version) => version.storage === true);
  return versions.filter((version) => version.served === true).map((version) =>
    customResource(crd, version, asString(storage?.name))
  );
}

/** The name of the collection in which the objects of a CRD are stored. */
export function customCollection(crd: ApiObject): string {
  return `${asString(valueAt(crd, "spec", "group"))}/${
    asString(valueAt(crd, "spec", "names", "plural"))
  }`;
}

function customResource(crd: ApiObject, version: JsonObject, storedVersion: string): Resource {
  const spec = asObject(crd.spec);
  const names = asObject(valueAt(crd, "status", "acceptedNames"));
  const group = asString(spec.group);
  const subresources = asObject(version.subresources);
  const name = asString(version.name);
  const scale = scalePaths(subresources.scale);
  return {
    group,
    version: name,
    kind: asString(names.kind),
    listKind: asString(names.listKind),
    plural: asString(names.plural),
    singular: asString(names.singular),
    shortNames: asArray(names.shortNames).map(asString),
    categories: asArray(names.categories).map(asString),
    namespaced: spec.scope === "Namespaced",
    verbs: VERBS,
    subresources: [
      ...(subresources.status === undefined ? [] : [STATUS]),
      ...(scale ? [SCALE] : []),
    ],
    schema: customKind(crd, name),
    collection: customCollection(crd),
    fields: selectableFields(version.selectableFields),
    table: customTable(version.additionalPrinterColumns),
    unconditionalUpdate: false,
    returnsDeleted: false,
    deletion: "immediate",
    ...(scale ? { scale } : {}),
    ...(name === storedVersion ? {} : {
      conversion: {
        toStored: (object) => asApiObject({ ...object, apiVersion: `${group}/${storedVersion}` }),
        fromStored: memoized((object) =>
          asApiObject({ ...object, apiVersion: `${group}/${name}` })
        ),
      },
    }),
  };
}

function selectableFields(declared: Json | undefined): SelectableFields {
  return fieldsAt(
    ...asArray(declared).map((field) => asString(valueAt(field, "jsonPath")).slice(1)),
  );
}

function scalePaths(scale: Json | undefined): ScalePaths | undefined {
  if (scale === undefined) return undefined;
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = asObject(scale);
  const selector = asString(labelSelectorPath).slice(1);
  return {
    specReplicas: split(specReplicasPath),
    statusReplicas: split(statusReplicasPath),
    selector: selector ? readerOf(selector) : () => "",
  };
}

/** The names in a path such as `.spec.replicas`. */
function split(path: Json | undefined): readonly string[] {
  return asString(path).split(".").filter(Boolean);
}
