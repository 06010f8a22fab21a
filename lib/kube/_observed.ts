/** Tells an observer how an exchange went. */

import type { Clock } from "../time/mod.ts";
import type { RequestObserver } from "./observer.ts";
import type { ApiRequest } from "./request.ts";

/** What {@linkcode observed} needs to know of the client. */
export interface ObservedClient {
  readonly observer: RequestObserver | undefined;
  readonly server: string;
  readonly clock: Clock;
}

/** Runs one exchange and tells how it went; without an observer it only runs it. */
export async function observed(
  { observer, server, clock }: ObservedClient,
  { method = "GET", operation }: ApiRequest,
  exchange: () => Promise<Response>,
): Promise<Response> {
  if (!observer) return await exchange();
  const start = clock.monotonic();
  let status: number | undefined;
  try {
    const response = await exchange();
    status = response.status;
    return response;
  } finally {
    // Not the whole URL: its path may hold a token.
    const { host } = new URL(server);
    observer.exchanged({ method, host, operation, status, tookMs: clock.monotonic() - start });
  }
}
