/** The API server of a test's world. */

import { ApiServer } from "../../../lib/embedded/api/mod.ts";
import { type Connection, StaticToken } from "../../../lib/kube/mod.ts";

/** A server and the way to it. */
export interface StartedServer extends AsyncDisposable {
  /** For clients. */
  readonly connection: Connection;
  /** The server itself: its record of requests, its faults. */
  readonly api: ApiServer;
}

/** Starts a server that is this test's own. */
export async function startServer(): Promise<StartedServer> {
  const token = crypto.randomUUID();
  const api = new ApiServer({ tokens: new Map([[token, "tester"]]) });
  await api.start();
  const connection = {
    server: api.url,
    credentials: new StaticToken(token),
    namespace: "default",
    description: "the embedded API server",
  };
  return { connection, api, [Symbol.asyncDispose]: () => api.close() };
}
