/** The options of each verb, read from queries and bodies, with the refusals of `k8s.io/apimachinery/pkg/apis/meta/v1/validation`. */

import { asArray, asObject, asString, type JsonObject } from "./json.ts";
import { isTrue } from "./request_info.ts";
import { badRequest, invalid, type StatusCause, type StatusError } from "./status.ts";

/** What to do with fields that a kind does not have. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

/** Options of create, update and patch. */
export interface WriteOptions {
  /** Whether to do everything but store the outcome. */
  readonly dryRun: boolean;
  /** Name for the ownership of fields; null if the client gives none. */
  readonly fieldManager: string | null;
  /** What to do with unknown fields. */
  readonly fieldValidation: FieldValidation;
  /** Whether a server-side apply takes fields from other managers. */
  readonly force: boolean;
}

/** How dependents fare when their owner is deleted. */
export type PropagationPolicy = "Foreground" | "Background" | "Orphan";

/** Options of delete and deletecollection. */
export interface DeleteOptions {
  /** Whether to do everything but delete. */
  readonly dryRun: boolean;
  /** Time for a clean end, in s. */
  readonly gracePeriodSeconds?: number;
  /** How dependents fare; absent: as the finalizers of the object say, and otherwise in the background. */
  readonly propagationPolicy?: PropagationPolicy;
  /** The identity that the object must have. */
  readonly uid?: string;
  /** The version that the object must have. */
  readonly resourceVersion?: string;
}

const FIELD_VALIDATIONS: readonly FieldValidation[] = ["Ignore", "Strict", "Warn"];
const POLICIES: readonly PropagationPolicy[] = ["Foreground", "Background", "Orphan"];
const MAX_MANAGER_LENGTH = 128;

/**
 * Reads the options of a write; `kind` is `CreateOptions`, `UpdateOptions` or `PatchOptions`.
 *
 * @throws {StatusError} 422 for values that there are not
 */
export function parseWriteOptions(
  query: URLSearchParams,
  kind: string,
  isApply = false,
): WriteOptions {
  const fieldManager = query.get("fieldManager");
  const given = query.get("fieldValidation") ?? "";
  const fieldValidation = FIELD_VALIDATIONS.find((known) => known === given);
  const causes: StatusCause[] = [];
  if (isApply && !fieldManager) {
    causes.push(required("fieldManager", "is required for apply patch"));
  }
  if (kind === "PatchOptions" && !isApply && query.has("force")) {
    causes.push(forbiddenField("force", "may not be specified for non-apply patch"));
  }
  if ((fieldManager ?? "").length > MAX_MANAGER_LENGTH) {
    const message = `Too long: may not be more than ${MAX_MANAGER_LENGTH} bytes`;
    causes.push({ reason: "FieldValueTooLong", message, field: "fieldManager" });
  }
  causes.push(...dryRunCauses(query.getAll("dryRun")));
  if (given !== "" && !fieldValidation) {
    causes.push(unsupported("fieldValidation", JSON.stringify(given), ["", ...FIELD_VALIDATIONS]));
  }
  if (causes.length > 0) throw optionsInvalid(kind, causes);
  return {
    dryRun: query.has("dryRun"),
    fieldManager,
    fieldValidation: fieldValidation ?? "Warn",
    force: query.has("force") && isTrue(query.get("force")),
  };
}

/**
 * Reads the options of a deletion from its body, or from the query if there is none.
 *
 * @throws {StatusError} 422 for values that there are not
 */
export function parseDeleteOptions(
  query: URLSearchParams,
  body: JsonObject | undefined,
): DeleteOptions {
  const given = body ?? optionsFromQuery(query);
  const { gracePeriodSeconds, orphanDependents, propagationPolicy } = given;
  const { uid, resourceVersion } = asObject(given.preconditions);
  const dryRun = asArray(given.dryRun).map(asString);
  const policy = POLICIES.find((known) => known === propagationPolicy);
  const causes: StatusCause[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const message = `Invalid value: ${
      JSON.stringify(propagationPolicy)
    }: orphanDependents and deletionPropagation cannot be both set`;
    causes.push({ reason: "FieldValueInvalid", message, field: "propagationPolicy" });
  } else if (propagationPolicy !== undefined && propagationPolicy !== null && !policy) {
    causes.push(
      unsupported("propagationPolicy", JSON.stringify(propagationPolicy), [...POLICIES, "nil"]),
    );
  }
  causes.push(...dryRunCauses(dryRun));
  if (causes.length > 0) throw optionsInvalid("DeleteOptions", causes);
  const orphan = typeof orphanDependents === "boolean"
    ? (orphanDependents ? "Orphan" : "Background")
    : undefined;
  const propagation = policy ?? orphan;
  return {
    dryRun: dryRun.length > 0,
    ...(typeof gracePeriodSeconds === "number" ? { gracePeriodSeconds } : {}),
    ...(propagation ? { propagationPolicy: propagation } : {}),
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
  };
}

function optionsFromQuery(query: URLSearchParams): JsonObject {
  const orphan = query.get("orphanDependents");
  return {
    dryRun: query.getAll("dryRun"),
    gracePeriodSeconds: parseInteger(query, "gracePeriodSeconds"),
    propagationPolicy: query.get("propagationPolicy") ?? undefined,
    orphanDependents: orphan === null ? undefined : isTrue(orphan),
  };
}

/**
 * Reads a whole number from a query.
 *
 * @throws {StatusError} 400 if it is something else
 */
export function parseInteger(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === "") return undefined;
  if (!/^[+-]?\d+$/.test(value)) {
    throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`);
  }
  return Number(value);
}

/** The refusal of options. */
export function optionsInvalid(kind: string, causes: readonly StatusCause[]): StatusError {
  return invalid({ group: "meta.k8s.io", kind }, "", causes);
}

/** A field that has to be there. */
function required(field: string, why: string): StatusCause {
  return { reason: "FieldValueRequired", message: `Required value: ${why}`, field };
}

/** A field that must not be there. */
export function forbiddenField(field: string, why: string): StatusCause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field };
}

/** A value that is none of those that there are. */
export function unsupported(
  field: string,
  value: string,
  supported: readonly string[],
): StatusCause {
  const values = supported.map((known) => JSON.stringify(known)).join(", ");
  const message = `Unsupported value: ${value}: supported values: ${values}`;
  return { reason: "FieldValueNotSupported", message, field };
}

function dryRunCauses(dryRun: readonly string[]): readonly StatusCause[] {
  if (dryRun.every((value) => value === "All")) return [];
  return [
    unsupported("dryRun", `[${dryRun.map((value) => JSON.stringify(value)).join(" ")}]`, ["All"]),
  ];
}
