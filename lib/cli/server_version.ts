/** The first request of a command to an API server. */

import Type from "typebox";
import Value from "typebox/value";
import type { KubeClient } from "../kube/mod.ts";
import { isAbort } from "../time/mod.ts";

const VersionSchema = Type.Object({ gitVersion: Type.String() });

/**
 * Asks the server who it is, so that a wrong address or credential ends the program with a clear error at once.
 *
 * @returns such as `v1.34.4`; empty if the server does not tell
 * @throws {Error} that names the server and the context if it cannot be used
 */
export async function serverVersion(client: KubeClient, signal: AbortSignal): Promise<string> {
  const { server, description } = client.connection;
  try {
    const answer = await client.request({ path: "/version", signal });
    return Value.Check(VersionSchema, answer) ? answer.gitVersion : "";
  } catch (cause) {
    if (isAbort(cause, signal)) throw cause;
    // Not the whole URL: the demo's has a token in its path.
    const { origin } = new URL(server);
    throw new Error(`Cannot use the API server '${origin}' of ${description}`, { cause });
  }
}
