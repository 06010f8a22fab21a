/** The first request of a command to an API server. */

import { ApiError, type KubeClient } from "../kube/mod.ts";
import { isAbort } from "../time/mod.ts";

/**
 * Asks the server who it is, so that a wrong address or credential ends the program with a clear error at once.
 *
 * @returns such as `v1.34.4`; empty if the server does not tell
 * @throws {Error} that names the server, the context and the proxy, if there is one, if it cannot be used
 */
export async function serverVersion(client: KubeClient, signal: AbortSignal): Promise<string> {
  const { server, description, proxy } = client.connection;
  try {
    const answer = await client.request({ path: "/version", signal });
    return gitVersionOf(answer);
  } catch (cause) {
    if (isAbort(cause, signal)) throw cause;
    // Not the whole URL: the demo's has a token in its path.
    const { origin } = new URL(server);
    const refused = cause instanceof ApiError && cause.isUnauthorized;
    const advice = refused ? ", which does not take these credentials: renew them" : "";
    // Its URL has no password.
    const way = proxy ? ` through proxy '${proxy.url}'` : "";
    throw new Error(`Cannot use the API server '${origin}' of ${description}${way}${advice}`, {
      cause,
    });
  }
}

/** Told by hand: a library that checks shapes would be loaded before the first request, for this one field. */
function gitVersionOf(answer: unknown): string {
  const isTold = typeof answer === "object" && answer !== null && "gitVersion" in answer;
  return isTold && typeof answer.gitVersion === "string" ? answer.gitVersion : "";
}
