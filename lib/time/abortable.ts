/** Waiting that an abort ends. */

/** Settles like `promise`, or rejects with the signal's reason as soon as it is aborted. What comes of it then is dropped. */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (!signal) return await promise;
  const cut = Promise.withResolvers<never>();
  using _ = onAbort(signal, () => cut.reject(signal.reason));
  return await Promise.race([cut.promise, promise]);
}

/** Rejects with the signal's reason when it is aborted, and never settles otherwise. */
export async function aborted(signal: AbortSignal | undefined): Promise<never> {
  return await abortable(new Promise<never>(() => {}), signal);
}

/** Calls `listener` when the signal is aborted, or at once if it is already; dispose of the result to forget it. */
export function onAbort(signal: AbortSignal, listener: () => void): Disposable {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", listener) };
}
