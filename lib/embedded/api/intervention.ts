/** What hooks do to a request before it is carried out. */

import { abortable, type Clock } from "../../time/mod.ts";
import type { HookAction } from "./hooks.ts";
import {
  brokenResponse,
  jsonResponse,
  statusResponse,
  textResponse,
  type Writing,
} from "./responses.ts";
import { StatusError } from "./status.ts";

/** What an intervention needs. */
export interface Intervention {
  /** Time source. */
  readonly clock: Clock;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
  /** How bodies are written. */
  readonly writing: Writing;
}

/**
 * Does what a hook wants before a request is carried out.
 *
 * @returns the answer, if the request is not to be carried out
 * @throws the signal's reason if it is aborted while the request waits
 */
export async function intervene(
  action: HookAction,
  { clock, signal, writing }: Intervention,
): Promise<Response | undefined> {
  switch (action.kind) {
    case "answer":
      return answer(action, writing);
    case "fail":
      return statusResponse(failure(action), writing);
    case "delay":
      await clock.sleep(action.ms, signal);
      return undefined;
    case "hold":
      await abortable(action.until, signal);
      return undefined;
    case "cut":
      return brokenResponse();
    default:
      return undefined;
  }
}

type ActionOf<K extends HookAction["kind"]> = Extract<HookAction, { readonly kind: K }>;

function answer({ body, code, headers = {} }: ActionOf<"answer">, writing: Writing): Response {
  if (typeof body !== "string") return jsonResponse(body, code, writing, { headers });
  const response = textResponse(body, code, "text/plain; charset=utf-8");
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

function failure({ code, reason, message, retryAfterSeconds }: ActionOf<"fail">): StatusError {
  return new StatusError({
    code,
    message: message ?? `Failed on purpose with ${code}`,
    ...(reason ? { reason } : {}),
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
  });
}
