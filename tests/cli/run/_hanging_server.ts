/** An API server that stops answering. */

import { json, ScriptedServer } from "../../support/scripted_server.ts";

/** More requests than `run` has under way at once. */
const HANGING = 12;

/** Starts one that gives these answers and then hangs until it is disposed of. */
export function hangingServer(
  answers: readonly Response[],
  tls?: { readonly cert: string; readonly key: string },
): AsyncDisposable & { readonly server: ScriptedServer } {
  const end = Promise.withResolvers<Response>();
  const hang = (): Promise<Response> => end.promise.then((response) => response.clone());
  const server = new ScriptedServer(tls).answer(...answers, ...Array(HANGING).fill(hang));
  return {
    server,
    async [Symbol.asyncDispose]() {
      end.resolve(json({}));
      await server[Symbol.asyncDispose]();
    },
  };
}
