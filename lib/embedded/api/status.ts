/** Refusals as Kubernetes words them: `Status` objects with their codes, reasons, messages and details. */

import type { Json, JsonObject } from "./json.ts";

/** One field that is wrong, as `details.causes` lists it. */
export interface StatusCause {
  /** Kind of mistake, such as `FieldValueInvalid`. */
  readonly reason?: string;
  /** What is wrong, without the field. */
  readonly message: string;
  /** Path of the field, such as `spec.replicas`. */
  readonly field?: string;
}

/** What a status says about its object. */
export interface StatusDetails {
  /** Name of the object. */
  readonly name?: string;
  /** Its group. */
  readonly group?: string;
  /** Its kind, or its resource. */
  readonly kind?: string;
  /** Fields that are wrong. */
  readonly causes?: readonly StatusCause[];
  /** When to ask again, in s. */
  readonly retryAfterSeconds?: number;
}

/** The parts of a {@linkcode StatusError}. */
export interface StatusParts {
  /** HTTP status. */
  readonly code: number;
  /** Word for programs, such as `NotFound`; some refusals have none. */
  readonly reason?: string;
  /** Sentence for people. */
  readonly message: string;
  /** What it is about. */
  readonly details?: StatusDetails;
  /** Token with which an expired list can go on. */
  readonly continueToken?: string;
}

/** A refusal: thrown anywhere while a request is handled, and answered as a `Status`. */
export class StatusError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "StatusError";
  /** What it is made of. */
  readonly parts: StatusParts;

  /** Takes its parts; the constructors in this file name the usual ones. */
  constructor(parts: StatusParts, options?: ErrorOptions) {
    super(parts.message, options);
    this.parts = parts;
  }

  /** The `Status` object. */
  toJson(): JsonObject {
    const { code, reason, message, details, continueToken } = this.parts;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: continueToken ? { continue: continueToken } : {},
      status: "Failure",
      message,
      ...(reason ? { reason } : {}),
      ...(details ? { details: toJson(details) } : {}),
      code,
    };
  }
}

/** There is nothing at a path, not even a server for it: answered in plain text. */
export class NothingHereError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "NothingHereError";
}

/** The group and the resource or kind that a refusal is about. */
export interface Subject {
  /** API group; empty for the core group. */
  readonly group: string;
  /** Resource such as `pods`, or kind such as `Pod`, as the refusal names it. */
  readonly kind: string;
}

/** `pods`, or `statefulsets.apps`. */
function qualified({ group, kind }: Subject): string {
  return group ? `${kind}.${group}` : kind;
}

function detailsOf({ group, kind }: Subject, name: string): StatusDetails {
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), ...(kind ? { kind } : {}) };
}

/** 400. */
export function badRequest(message: string, options?: ErrorOptions): StatusError {
  return new StatusError({ code: 400, reason: "BadRequest", message }, options);
}

/** 401: the token is not known. */
export function unauthorized(): StatusError {
  return new StatusError({ code: 401, reason: "Unauthorized", message: "Unauthorized" });
}

/** 403 with its sentence. */
export function forbidden(subject: Subject, name: string, why: string): StatusError {
  const message = name
    ? `${qualified(subject)} "${name}" is forbidden: ${why}`
    : `${qualified(subject)} is forbidden: ${why}`;
  return new StatusError({
    code: 403,
    reason: "Forbidden",
    message,
    details: detailsOf(subject, name),
  });
}

/** 404: there is no such object. */
export function notFound(subject: Subject, name: string): StatusError {
  const message = `${qualified(subject)} "${name}" not found`;
  return new StatusError({
    code: 404,
    reason: "NotFound",
    message,
    details: detailsOf(subject, name),
  });
}

/** 404: there is no such resource. */
export function noSuchResource(): StatusError {
  const message = "the server could not find the requested resource";
  return new StatusError({ code: 404, reason: "NotFound", message, details: {} });
}

/** 405. */
export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError({ code: 405, reason: "MethodNotAllowed", message, details: {} });
}

/** 406. */
export function notAcceptable(): StatusError {
  const message =
    "406: Not Acceptable\n\nAvailable representations: application/json, application/json;stream=watch";
  return new StatusError({ code: 406, reason: "NotAcceptable", message, details: {} });
}

/** 409: there is one of that name already. */
export function alreadyExists(subject: Subject, name: string): StatusError {
  const message = `${qualified(subject)} "${name}" already exists`;
  return new StatusError({
    code: 409,
    reason: "AlreadyExists",
    message,
    details: detailsOf(subject, name),
  });
}

/** 409: the object is not as the request expects it. */
export function conflict(subject: Subject, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`;
  return new StatusError({
    code: 409,
    reason: "Conflict",
    message,
    details: detailsOf(subject, name),
  });
}

/** Why an update with an older resource version is refused. */
export const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

/** Why an object of another namespace than that in the URL is refused. */
export const WRONG_NAMESPACE =
  "the namespace of the provided object does not match the namespace sent on the request";

/** 410: the revision is gone. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError({
    code: 410,
    reason: "Expired",
    message,
    ...(continueToken ? { continueToken } : {}),
  });
}

/** 415: the server does not read this media type. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message =
    `the body of the request was in an unknown format - accepted media types include: ${
      accepted.join(", ")
    }`;
  return new StatusError({ code: 415, reason: "UnsupportedMediaType", message });
}

/** 422: fields are wrong. */
export function invalid(
  subject: Subject,
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const lines = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const why = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const message = `${qualified(subject)} "${name}" is invalid: ${why}`;
  const details = { ...detailsOf(subject, name), causes };
  return new StatusError({ code: 422, reason: "Invalid", message, details });
}

/** 422 without a word of explanation, for a patch that does not fit. */
export function unprocessable(): StatusError {
  const message = "the server rejected our request due to an error in our request";
  return new StatusError({ code: 422, reason: "Invalid", message, details: {} });
}

/** 500; the real server gives some mistakes of the client this code and no reason. */
export function internalError(message: string, options?: ErrorOptions): StatusError {
  return new StatusError({ code: 500, message }, options);
}

/** 504: the revision lies in the future. */
export function tooLargeRevision(revision: number, current: number): StatusError {
  return new StatusError({
    code: 504,
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${revision}, current: ${current}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}

function toJson(details: StatusDetails): Json {
  const { causes, ...rest } = details;
  return { ...rest, ...(causes ? { causes: causes.map((cause) => ({ ...cause })) } : {}) };
}
