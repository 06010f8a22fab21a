/** Gives up a watch that has been silent for too long. */

import { type Clock, linkedAbort } from "../time/mod.ts";
import type { KubeObject } from "./object.ts";
import type { WatchEvent, WatchOptions } from "./options.ts";

/** Starts a watch: `handle.watch`. */
export type StartWatch<T extends KubeObject> = (
  options: WatchOptions,
) => AsyncGenerator<WatchEvent<T>, void, undefined>;

/** What the watch is given and how long it may be silent. */
export interface IdleOptions {
  readonly request: WatchOptions & { readonly signal: AbortSignal };
  readonly idleMs: number;
  readonly clock: Clock;
}

/** How a watch ended: by the server, or because it was silent for too long. */
export type WatchEnd = "ended" | "silent";

/**
 * The events of one watch, which ends when nothing has come for `idleMs`: over a connection that is half dead the
 * server's own end never arrives, and `fetch` has no read timeout. Until it is accepted the request has its own
 * deadline, and what comes before that may take longer: a credential plugin that asks a person.
 */
export async function* watchUntilIdle<T extends KubeObject>(
  start: StartWatch<T>,
  { request, idleMs, clock }: IdleOptions,
): AsyncGenerator<WatchEvent<T>, WatchEnd, undefined> {
  using attempt = linkedAbort(request.signal);
  const idle = new DOMException("The watch has been silent for too long", "TimeoutError");
  let lastSign = 0;
  const onSilence = async (): Promise<void> => {
    for (;;) {
      const leftMs = lastSign + idleMs - clock.monotonic();
      if (leftMs <= 0) return attempt.abort(idle);
      await clock.sleep(leftMs, attempt.signal);
    }
  };
  let guard: Promise<void> | undefined;
  const onSign = (): void => {
    lastSign = clock.monotonic();
    // It ends with the attempt, and how it ends is of no interest.
    guard ??= onSilence().catch(() => {});
  };
  const onOpen = (): void => {
    onSign();
    request.onOpen?.();
  };

  try {
    for await (const event of start({ ...request, signal: attempt.signal, onOpen })) {
      onSign();
      yield event;
    }
    return "ended";
  } catch (error) {
    if (error !== idle) throw error;
    return "silent";
  } finally {
    attempt.abort();
    await guard;
  }
}
