/** Reads a body that has no end of its own. */

import { failureOf } from "./_exchange.ts";
import type { ApiRequest, ByteStream } from "./request.ts";

/**
 * The chunks of a body until it ends, the request's signal is aborted or the iteration is left; the connection is
 * let go in each case. The body is cancelled by hand: Deno (2.4 to 2.9) forgets the signal that was given to `fetch`
 * once the response has become garbage, and then leaves a read waiting for ever.
 */
export async function* chunksOf(
  request: ApiRequest,
  body: ByteStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { signal } = request;
  const reader = body.getReader();
  // A body that is broken cannot be cancelled, and need not be.
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw failureOf(request, error);
  } finally {
    signal?.removeEventListener("abort", cancel);
    cancel();
  }
}
