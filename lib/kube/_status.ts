/** Makes the one error type out of whatever a server answers. */

import type { Status } from "kubernetes-types/meta/v1.d.ts";

import { ApiError } from "./errors.ts";

/** As much of an unreadable body as a message may hold (client-go, `rest/request.go`). */
const MAX_MESSAGE_LENGTH = 2048;

/** As much of an error's body as is read; a `Status` with hundreds of causes still fits. */
const MAX_BODY_BYTES = 256 * 1024;

/** Reasons for bodies that name none (apimachinery, `meta/v1/types.go`). */
const REASONS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The error of a response that is not 2xx; reads the body, or cancels what it does not need of it. */
export async function errorOfResponse(response: Response, request: string): Promise<ApiError> {
  const text = await readSome(response);
  const status = parseStatus(text);
  const message = status?.message ?? text.trim();
  return new ApiError({
    request,
    status: response.status,
    reason: status?.reason || reasonOf(response.status),
    serverMessage: cut(message) || response.statusText || "the answer is empty",
    details: status?.details,
    retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
    flowSchema: response.headers.get("x-kubernetes-pf-flowschema-uid") ?? undefined,
  });
}

/** The error of a `Status` inside a watch. */
export function errorOfStatus(status: Status, request: string): ApiError {
  const code = status.code ?? 500;
  const seconds = status.details?.retryAfterSeconds;
  return new ApiError({
    request,
    status: code,
    reason: status.reason || reasonOf(code),
    serverMessage: cut(status.message ?? "") || "the server gives no message",
    details: status.details,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
  });
}

function reasonOf(status: number): string {
  return REASONS[status] ?? "Unknown";
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
}

function parseStatus(text: string): Status | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: Partial<Status> = JSON.parse(text);
    return value.kind === "Status" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Only the form in seconds: the API server sends no dates. */
function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header.trim()) ? Number(header) * 1000 : undefined;
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    // The status says enough; what came of the body is used.
  }
  return text;
}
