/** Whether CustomResourceDefinitions are right, as far as it protects those who write them. */

import type { FieldError } from "./errors.ts";
import { childPath, duplicate, invalid, keyPath, notSupported, required } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  sameJson,
} from "./json.ts";
import { dns1035Problems, subdomainProblems } from "./names.ts";
import { requiredText } from "./validate_container.ts";
import { validateStructure } from "./validate_structure.ts";

/** What is wrong with a definition, beyond its metadata. */
export function validateDefinition(definition: JsonObject): readonly FieldError[] {
  const spec = asObject(definition.spec);
  const names = asObject(spec.names);
  const name = asString(asObject(definition.metadata).name);
  const expected = `${asString(names.plural)}.${asString(spec.group)}`;
  const scopes = ["Cluster", "Namespaced"];
  return [
    ...(name === expected
      ? []
      : [invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')]),
    ...requiredText(spec.group, "spec.group", subdomainProblems),
    ...(asString(spec.group).includes(".") || !spec.group
      ? []
      : [invalid("spec.group", spec.group, "should be a domain with at least one dot")]),
    ...(scopes.includes(asString(spec.scope))
      ? []
      : [notSupported("spec.scope", spec.scope ?? "", scopes)]),
    ...validateVersions(asArray(spec.versions)),
    ...validateNames(names),
  ];
}

function validateNames(names: JsonObject): readonly FieldError[] {
  const lowerCase = (text: string): readonly string[] =>
    dns1035Problems(text.toLowerCase())
      .map((problem) => `may have mixed case, but should otherwise match: ${problem}`);
  const kind = asString(names.kind);
  return [
    ...requiredText(names.plural, "spec.names.plural", dns1035Problems),
    ...requiredText(names.singular, "spec.names.singular", dns1035Problems),
    ...requiredText(names.kind, "spec.names.kind", lowerCase),
    ...requiredText(names.listKind, "spec.names.listKind", lowerCase),
    ...asArray(names.shortNames).flatMap((shortName, index) =>
      requiredText(shortName, keyPath("spec.names.shortNames", index), dns1035Problems)
    ),
    ...(kind && kind === names.listKind
      ? [invalid("spec.names.listKind", kind, "kind and listKind may not be the same")]
      : []),
  ];
}

function validateVersions(versions: readonly Json[]): readonly FieldError[] {
  const stored = versions.filter((version) => asObject(version).storage === true).length;
  const names = versions.map((version) => asString(asObject(version).name));
  return [
    ...versions.flatMap((version, index) => {
      const path = keyPath("spec.versions", index);
      const sharedPath = isShared(versions, version) ? "spec" : path;
      const name = names[index] ?? "";
      const isTwice = names.indexOf(name) < index;
      return [
        ...requiredText(name, childPath(path, "name"), dns1035Problems),
        ...(isTwice ? [duplicate(childPath(path, "name"), name)] : []),
        ...validateVersion(asObject(version), path, sharedPath),
      ];
    }),
    ...(stored === 1 ? [] : [invalid(
      "spec.versions",
      versions,
      "must have exactly one version marked as storage version",
    )]),
    ...(stored === 0
      ? [invalid("status.storedVersions", null, "must have at least one stored version")]
      : []),
  ];
}

/** What all versions have in common is named in messages as if the definition had it, as it did before it had versions. */
function isShared(versions: readonly Json[], version: Json): boolean {
  const { schema, subresources } = asObject(version);
  return versions.map(asObject).every((other) =>
    sameJson(other.schema, schema) && sameJson(other.subresources, subresources)
  );
}

function validateVersion(
  version: JsonObject,
  path: string,
  sharedPath: string,
): readonly FieldError[] {
  const member = sharedPath === path ? "schema" : "validation";
  const schemaPath = childPath(sharedPath, `${member}.openAPIV3Schema`);
  const schema = asObject(version.schema).openAPIV3Schema;
  if (!isObject(schema)) return [required(childPath(path, "schema.openAPIV3Schema"))];
  const scale = asObject(version.subresources).scale;
  return [
    ...validateStructure(schema, schemaPath),
    ...(isObject(scale) ? validateScale(scale, childPath(sharedPath, "subresources.scale")) : []),
  ];
}

function validateScale(scale: JsonObject, path: string): readonly FieldError[] {
  const pathErrors = (name: string, prefix: string): readonly FieldError[] => {
    const value = asString(scale[name]);
    const field = childPath(path, name);
    if (!value) return [required(field)];
    const detail = `should be a json path under ${prefix}`;
    return value.startsWith(`${prefix}.`) ? [] : [invalid(field, value, detail)];
  };
  return [
    ...pathErrors("specReplicasPath", ".spec"),
    ...pathErrors("statusReplicasPath", ".status"),
  ];
}

/** What must not change in a definition: objects that are stored would no longer be of it. */
export function validateDefinitionUpdate(
  definition: JsonObject,
  old: JsonObject,
): readonly FieldError[] {
  const spec = asObject(definition.spec);
  const oldSpec = asObject(old.spec);
  const changed = (
    path: string,
    value: Json | undefined,
    before: Json | undefined,
  ): readonly FieldError[] =>
    sameJson(value, before) ? [] : [invalid(path, value ?? "", "field is immutable")];
  return [
    ...validateDefinition(definition),
    ...changed("spec.group", spec.group, oldSpec.group),
    ...changed("spec.scope", spec.scope, oldSpec.scope),
    ...changed("spec.names.kind", asObject(spec.names).kind, asObject(oldSpec.names).kind),
    ...changed("spec.names.plural", asObject(spec.names).plural, asObject(oldSpec.names).plural),
  ];
}
