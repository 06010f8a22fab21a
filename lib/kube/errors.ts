/** The ways a call can fail: the API server answered with an error, there was no answer, or our configuration is wrong. */

import type { StatusDetails } from "kubernetes-types/meta/v1.d.ts";

/** What an {@linkcode ApiError} is made of. */
export interface ApiErrorInit {
  /** What was asked, such as `GET '/api/v1/pods'`. */
  readonly request: string;
  /** HTTP status, or the code of a `Status` inside a watch. */
  readonly status: number;
  /** Reason of the `Status`, or one that goes with the HTTP status. */
  readonly reason: string;
  /** What the server said, without the request. */
  readonly serverMessage: string;
  /** Details of the `Status`. */
  readonly details?: StatusDetails | undefined;
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs?: number | undefined;
  /** UID of the flow schema that queued or refused the request (API Priority and Fairness). */
  readonly flowSchema?: string | undefined;
}

/** The API server answered a request with a status other than 2xx, or a watch with an ERROR event. */
export class ApiError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "ApiError";
  /** HTTP status, or the code of a `Status` inside a watch. */
  readonly status: number;
  /** Machine-readable reason, such as `NotFound`; never empty. */
  readonly reason: string;
  /** What the server said; {@linkcode ApiError.message} names the request as well. */
  readonly serverMessage: string;
  /** Details of the server's `Status`: name, kind, causes. */
  readonly details: StatusDetails | undefined;
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs: number | undefined;
  /** UID of the flow schema of the request, if the server named it. */
  readonly flowSchema: string | undefined;

  /** Creates the error; `cause` may hold the error of an earlier attempt. */
  constructor(init: ApiErrorInit, options?: ErrorOptions) {
    super(`Cannot ${init.request}: ${init.serverMessage} (${init.status} ${init.reason})`, options);
    this.status = init.status;
    this.reason = init.reason;
    this.serverMessage = init.serverMessage;
    this.details = init.details;
    this.retryAfterMs = init.retryAfterMs;
    this.flowSchema = init.flowSchema;
  }

  /** The object, or the kind itself, does not exist. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  /** Another object has that name already. */
  get isAlreadyExists(): boolean {
    return this.reason === "AlreadyExists";
  }

  /** A resource version, a precondition or another field manager stands against the write. */
  get isConflict(): boolean {
    return this.status === 409 && !this.isAlreadyExists;
  }

  /** The resource version or the continue token is too old: list again. */
  get isExpired(): boolean {
    return this.status === 410 || this.reason === "Expired" || this.reason === "Gone";
  }

  /** The resource version is newer than anything the server has: list again. */
  get isResourceVersionTooLarge(): boolean {
    return this.#hasCause("ResourceVersionTooLarge") ||
      this.serverMessage.includes("Too large resource version");
  }

  /** The credentials are missing or not valid. */
  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** The credentials are valid and do not allow this. */
  get isForbidden(): boolean {
    return this.status === 403;
  }

  /** No credentials were sent, or the server takes none of that kind: whoever asks is nobody, who may do next to nothing. */
  get isAnonymous(): boolean {
    return this.isForbidden && this.serverMessage.includes('User "system:anonymous"');
  }

  /** The object breaks a validation rule. */
  get isInvalid(): boolean {
    return this.status === 422;
  }

  /** The server is busy. */
  get isTooManyRequests(): boolean {
    return this.status === 429;
  }

  /** A create was refused because its namespace is being deleted. */
  get isNamespaceTerminating(): boolean {
    return this.#hasCause("NamespaceTerminating");
  }

  #hasCause(reason: string): boolean {
    return this.details?.causes?.some((cause) => cause.reason === reason) ?? false;
  }
}

/** There was no usable answer: refused, reset, no such host, TLS, cut off, not JSON, or too late. `cause` tells which. */
export class TransportError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "TransportError";
  /** Whether the deadline passed. A write may have happened all the same. */
  readonly timedOut: boolean;

  /** Creates the error; `cause` is what `fetch` or the deadline threw. */
  constructor(message: string, options: ErrorOptions & { readonly timedOut?: boolean } = {}) {
    super(message, options);
    this.timedOut = options.timedOut ?? false;
  }
}

/** The configuration is missing or wrong; the message names the file and the field. */
export class ConfigError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "ConfigError";
}
