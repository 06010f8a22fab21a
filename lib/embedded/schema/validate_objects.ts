/** Whether ConfigMaps, Secrets, claims, leases and revisions are right, and what of them may change. */

import type { FieldError } from "./errors.ts";
import { forbidden, invalid, keyPath, required, tooLong } from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  has,
  isObject,
  type JsonObject,
  sameJson,
  valueAt,
} from "./json.ts";
import { configKeyProblems } from "./names.ts";
import { notNegative } from "./validate_container.ts";

/** Most that the data of one ConfigMap or Secret may hold, in bytes. */
const MAX_DATA_BYTES = 1024 * 1024;

/** Keys that Secrets of some types must have. */
const REQUIRED_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["kubernetes.io/dockercfg", [".dockercfg"]],
  ["kubernetes.io/dockerconfigjson", [".dockerconfigjson"]],
  ["kubernetes.io/ssh-auth", ["ssh-privatekey"]],
  ["kubernetes.io/tls", ["tls.crt", "tls.key"]],
]);

/** What is wrong with a ConfigMap, beyond its metadata. */
export function validateConfigMap(map: JsonObject): readonly FieldError[] {
  const data = asObject(map.data);
  const binary = asObject(map.binaryData);
  const repeated = Object.keys(data).filter((key) => has(binary, key));
  return [
    ...keyErrors(data, "data"),
    ...repeated.map((key) =>
      invalid(keyPath("data", key), key, "duplicate of key present in binaryData")
    ),
    ...keyErrors(binary, "binaryData"),
    ...sizeErrors(textBytes(data) + decodedBytes(binary), "<nil>"),
  ];
}

/** What is wrong with a Secret, beyond its metadata. */
export function validateSecret(secret: JsonObject): readonly FieldError[] {
  const data = asObject(secret.data);
  const missing = (REQUIRED_KEYS.get(asString(secret.type)) ?? []).filter((key) => !has(data, key));
  const hasNoUser = secret.type === "kubernetes.io/basic-auth" && !has(data, "username") &&
    !has(data, "password");
  return [
    ...keyErrors(data, "data"),
    ...sizeErrors(decodedBytes(data), "data"),
    ...missing.map((key) => required(keyPath("data", key))),
    ...(hasNoUser ? [required("data[username]"), required("data[password]")] : []),
  ];
}

function keyErrors(data: JsonObject, path: string): readonly FieldError[] {
  return Object.keys(data).flatMap((key) =>
    configKeyProblems(key).map((problem) => invalid(keyPath(path, key), key, problem))
  );
}

function sizeErrors(bytes: number, path: string): readonly FieldError[] {
  return bytes > MAX_DATA_BYTES ? [tooLong(path, MAX_DATA_BYTES)] : [];
}

function textBytes(data: JsonObject): number {
  const encoder = new TextEncoder();
  return Object.values(data).reduce(
    (sum: number, text) => sum + encoder.encode(asString(text)).length,
    0,
  );
}

function decodedBytes(data: JsonObject): number {
  return Object.values(data).reduce((sum: number, text) => {
    const base64 = asString(text).replaceAll("=", "");
    return sum + Math.floor(base64.length * 3 / 4);
  }, 0);
}

/** What must not be changed in a ConfigMap or Secret that says of itself that it is immutable, and in any Secret. */
export function validateDataUpdate(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const type = object.type ?? "";
  const moved = sameJson(object.type, old.type)
    ? []
    : [invalid("type", type, "field is immutable")];
  if (old.immutable !== true) return moved;
  const why = "field is immutable when `immutable` is set";
  return [
    ...moved,
    ...(object.immutable === true ? [] : [forbidden("immutable", why)]),
    ...["data", "binaryData"].filter((name) => !sameJson(object[name], old[name]))
      .map((name) => forbidden(name, why)),
  ];
}

/** What is wrong with a volume claim, beyond its metadata. */
export function validateClaim(claim: JsonObject): readonly FieldError[] {
  const spec = asObject(claim.spec);
  const storage = valueAt(spec, "resources", "requests", "storage");
  return [
    ...(asArray(spec.accessModes).length === 0
      ? [required("spec.accessModes", "at least 1 access mode is required")]
      : []),
    ...(storage === undefined ? [required("spec.resources[storage]")] : []),
  ];
}

/** What is wrong with a lease, beyond its metadata. */
export function validateLease(lease: JsonObject): readonly FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions } = asObject(lease.spec);
  const isTooShort = typeof duration === "number" && duration <= 0;
  return [
    ...(isTooShort
      ? [invalid("spec.leaseDurationSeconds", duration, "must be greater than 0")]
      : []),
    ...notNegative(leaseTransitions, "spec.leaseTransitions"),
  ];
}

/** What is wrong with a revision of a controller, beyond its metadata. */
export function validateRevision(revision: JsonObject): readonly FieldError[] {
  return [
    ...notNegative(revision.revision, "revision"),
    ...(isObject(revision.data) ? [] : [required("data", "data is mandatory")]),
  ];
}

/** The data of a revision never change. */
export function validateRevisionUpdate(
  revision: JsonObject,
  old: JsonObject,
): readonly FieldError[] {
  if (sameJson(revision.data, old.data)) return notNegative(revision.revision, "revision");
  return [invalid("data", revision.data ?? null, "field is immutable")];
}
