/** JSON patches (RFC 6902), as far as the real server follows it. */

import { applyPatch, Pointer } from "rfc6902";
import { PatchError } from "./errors.ts";
import { isArray, isObject, type Json, type JsonObject } from "./json.ts";

const OPERATIONS = ["add", "copy", "move", "remove", "replace", "test"] as const;

/** One operation, of which the parts that it does not need are ignored. */
interface Operation {
  readonly op: typeof OPERATIONS[number];
  readonly path: string;
  readonly from: string;
  readonly value: Json;
}

/** All that the real server says of a patch that it can read and that does not fit. */
const REJECTED = "the server rejected our request due to an error in our request";

/**
 * The target after some operations. Like the real server, it lets `replace` add a member that is missing, takes a missing
 * value for null, and counts negative indexes from the end.
 *
 * @throws {PatchError} 400 if the operations cannot be read, 422 if one of them does not fit
 */
export function applyJsonPatch(target: JsonObject, operations: Json): Json {
  if (!isArray(operations)) {
    const found = isObject(operations) ? "object" : typeof operations;
    throw unreadable(found, "[]handlers.jsonPatchOp");
  }
  // The library changes what it is given, and the target is shared.
  const document = { root: structuredClone(target) };
  for (const given of operations) {
    const operation = adapt(document.root, readOperation(given));
    if (!operation) continue;
    const path = `/root${operation.path}`;
    const from = `/root${operation.from}`;
    const [problem] = applyPatch(document, [{ ...operation, path, from }]);
    if (problem) throw new PatchError(422, REJECTED, { cause: problem });
  }
  return document.root;
}

function unreadable(found: string, goType: string): PatchError {
  return new PatchError(
    400,
    `error decoding patch: json: cannot unmarshal ${found} into Go value of type ${goType}`,
  );
}

function readOperation(given: Json): Operation {
  if (!isObject(given)) {
    throw unreadable(isArray(given) ? "array" : typeof given, "handlers.jsonPatchOp");
  }
  const { path, from = "", value = null } = given;
  const op = OPERATIONS.find((known) => known === given.op);
  if (!op || typeof path !== "string" || typeof from !== "string") {
    throw new PatchError(422, REJECTED);
  }
  return { op, path, from, value };
}

/** Rewrites an operation where the real server differs from the standard; undefined if it then does nothing. */
function adapt(root: unknown, given: Operation): Operation | undefined {
  const operation = { ...given, path: fromEnd(root, given.path), from: fromEnd(root, given.from) };
  const { parent, value } = Pointer.fromJSON(operation.path).evaluate(root);
  const isMember = typeof parent === "object" && parent !== null && !Array.isArray(parent);
  switch (operation.op) {
    case "replace":
      return isMember ? { ...operation, op: "add" } : operation;
    case "test":
      return isMember && value === undefined && operation.value === null ? undefined : operation;
    case "copy": {
      const isMissing = Pointer.fromJSON(operation.from).get(root) === undefined;
      return isMissing ? { ...operation, op: "add", value: null } : operation;
    }
    default:
      return operation;
  }
}

/** Turns an index that counts from the end of a list into one that counts from its beginning. */
function fromEnd(root: unknown, path: string): string {
  const [, before = "", index] = /^(.*)\/(-\d+)$/.exec(path) ?? [];
  const list: unknown = index === undefined ? undefined : Pointer.fromJSON(before).get(root);
  return Array.isArray(list) ? `${before}/${list.length + Number(index)}` : path;
}
