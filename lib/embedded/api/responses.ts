/** HTTP responses. */

import type { JsonObject } from "./json.ts";
import type { StatusError } from "./status.ts";

const NO_CACHE = "no-cache, private";

/** Programs that people run by hand get their JSON indented (`pretty` of `k8s.io/apiserver`). */
const BY_HAND = /^(curl|Wget|Mozilla)\//;

/** How bodies are written. */
export interface Writing {
  /** Whether JSON is indented. */
  readonly pretty: boolean;
}

/** Whether a request's answer is to be indented. */
export function writingFor(query: URLSearchParams, userAgent: string | null): Writing {
  const given = query.get("pretty");
  const pretty = given === null
    ? BY_HAND.test(userAgent ?? "")
    : given !== "false" && given !== "0";
  return { pretty };
}

/** A JSON answer, with a `Warning` header for each warning. */
export function jsonResponse(
  body: JsonObject,
  code: number,
  { pretty }: Writing,
  { warnings = [], headers = {}, contentType = "application/json" }: {
    readonly warnings?: readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
    readonly contentType?: string;
  } = {},
): Response {
  const all = new Headers({ "content-type": contentType, "cache-control": NO_CACHE, ...headers });
  for (const warning of warnings) all.append("warning", `299 - ${JSON.stringify(warning)}`);
  const text = pretty ? `${JSON.stringify(body, null, 2)}\n` : `${JSON.stringify(body)}\n`;
  return new Response(text, { status: code, headers: all });
}

/** A text answer. */
export function textResponse(body: string, code: number, contentType: string): Response {
  return new Response(body, {
    status: code,
    headers: { "content-type": contentType, "cache-control": NO_CACHE },
  });
}

/** A refusal. */
export function statusResponse(error: StatusError, writing: Writing): Response {
  const { code, details } = error.parts;
  const seconds = details?.retryAfterSeconds;
  return jsonResponse(error.toJson(), code, writing, {
    headers: seconds === undefined ? {} : { "retry-after": String(seconds) },
  });
}

/** What is answered at paths where there is nothing. */
export function nothingResponse(): Response {
  return textResponse("404 page not found\n", 404, "text/plain; charset=utf-8");
}

/** The stream of a watch. */
export function streamResponse(body: ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: { "content-type": "application/json", "cache-control": NO_CACHE },
  });
}

/** An answer whose connection breaks before its body. */
export function brokenResponse(): Response {
  const body = new ReadableStream({
    start: (controller) => controller.error(new Error("The connection is cut on purpose")),
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}
