/** The parts of one HTTP exchange: its URL, its name in messages, its answer and its failure. */

import { certificateProblem } from "./_certificate_problem.ts";
import { TransportError } from "./errors.ts";
import type { ApiRequest } from "./request.ts";

/** As much of a text that should have been JSON as a message shows. */
const MAX_TEXT = 200;

/** The query of a request with its question mark, or nothing. */
export function queryString({ query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/** How messages name a request; without the query, which may be long. */
export function describe({ method = "GET", path }: ApiRequest): string {
  return `${method} '${path}'`;
}

/** The value of a 2xx answer: parsed if it is JSON, its text otherwise. */
export async function readAnswer(request: ApiRequest, response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw failureOf(request, error);
  }
  if (!response.headers.get("content-type")?.includes("json")) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TransportError(`Cannot ${describe(request)}: the answer is not valid JSON`, {
      cause,
    });
  }
}

/** What is wrong with a 2xx answer that is not what the API promises; the beginning of a text, such as a login page, tells the most. */
export function misfit(answer: unknown, wanted: string): string {
  if (typeof answer !== "string") return `the answer is ${wanted}`;
  const text = answer.replaceAll(/\s+/g, " ").trim();
  return text === "" ? "the answer is empty" : `the answer is text: ${text.slice(0, MAX_TEXT)}`;
}

/**
 * What to throw when `fetch` or the reading of a body threw: the reason of the caller's abort, else a
 * {@linkcode TransportError}. The kinds of failure cannot be told apart but for the deadline, and need not be, though
 * people are told more of a certificate that was refused: `trusted` names whose signature we take.
 */
export function failureOf(request: ApiRequest, error: unknown, trusted?: string): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  const cause = reworded(error, trusted);
  const why = timedOut ? "there is no answer in time" : innermostMessage(cause);
  return new TransportError(`Cannot ${describe(request)}: ${why}`, { cause, timedOut });
}

/** What Deno 2.4 says twice, once for the failure and once for its source. */
const SAID_TWICE = /(: .+?)\1$/;

/** How Deno names the URL in an error of `fetch`: before there is a connection, and with the addresses of one. */
const NAMED_URL = / for (?:url \(\S*\)|https?:\/\/\S+)/;

/**
 * What `fetch` threw, without the URL that Deno names in it: its path may hold a token, and errors are logged. What TLS
 * says of a certificate is put into words.
 */
function reworded(error: unknown, trusted: string | undefined): unknown {
  if (!(error instanceof Error)) return error;
  const cause = reworded(error.cause, trusted);
  const problem = trusted && certificateProblem(error.message, trusted);
  const message = problem || error.message.replace(NAMED_URL, "").replace(SAID_TWICE, "$1");
  if (message === error.message && cause === error.cause) return error;
  const copy = new Error(message, cause === undefined ? {} : { cause });
  copy.name = error.name;
  return copy;
}

/** `fetch` says only that it failed; what happened stands in the cause of the cause. */
function innermostMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}
