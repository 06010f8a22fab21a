/** Refusals of this room: fields that are wrong, patches that do not fit, and conflicts between field managers. */

/** Kinds of mistakes in a field, from `k8s.io/apimachinery/pkg/util/validation/field/errors.go`. */
export type FieldErrorReason =
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueInvalid"
  | "FieldValueNotFound"
  | "FieldValueNotSupported"
  | "FieldValueRequired"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

/** One field that is wrong. */
export interface FieldError {
  /** Kind of mistake. */
  readonly reason: FieldErrorReason;
  /** Path of the field, such as `spec.ports[0].port`; `<nil>` for the object as a whole. */
  readonly field: string;
  /** What is wrong, in the words of the real server and without the field. */
  readonly message: string;
}

/** A patch that cannot be read or does not fit. */
export class PatchError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "PatchError";
  /** HTTP status that the real server answers with. */
  readonly code: 400 | 422 | 500;

  /** Says what is wrong, in the words of the real server. */
  constructor(code: 400 | 422 | 500, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An applied configuration that cannot be read. */
export class ApplyError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "ApplyError";
  /** HTTP status that the real server answers with. */
  readonly code: 400 | 500;

  /** Says what is wrong, in the words of the real server. */
  constructor(code: 400 | 500, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One field that somebody else owns. */
export interface ApplyConflict {
  /** Always `FieldManagerConflict`. */
  readonly reason: "FieldManagerConflict";
  /** Who owns it. */
  readonly message: string;
  /** Path of the field, such as `.spec.nodes`. */
  readonly field: string;
}

/** 409: an applied configuration changes fields that others own, and is not forced. */
export class ApplyConflictError extends Error {
  /** Set for recognition in logs. */
  override readonly name = "ApplyConflictError";
  /** Field by field. */
  readonly causes: readonly ApplyConflict[];

  /** Says which fields, in the words of the real server. */
  constructor(message: string, causes: readonly ApplyConflict[]) {
    super(message);
    this.causes = causes;
  }
}
