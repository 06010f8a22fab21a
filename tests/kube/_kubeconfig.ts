/** Configurations for tests, in memory. */

import { stringify } from "yaml";

import {
  ConfigError,
  type Connection,
  loadConnection,
  type LoadConnectionOptions,
} from "../../lib/kube/mod.ts";
import { rejection } from "./_support.ts";

/** A kubeconfig with one cluster, user and context `a`, of which any part can be changed. */
export function kubeconfig(
  { cluster = {}, user = {}, context = {}, ...rest }: Readonly<Record<string, unknown>> = {},
): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "a",
    clusters: [{ name: "a", cluster: { server: "http://127.0.0.1:1234", ...Object(cluster) } }],
    users: [{ name: "a", user }],
    contexts: [{ name: "a", context: { cluster: "a", user: "a", ...Object(context) } }],
    ...rest,
  });
}

/** Files and variables that are in memory alone. */
export interface World {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Loads a connection in such a world. */
export function load(
  { files = {}, env = {} }: World,
  options: LoadConnectionOptions = {},
): Promise<Connection> {
  return loadConnection({
    env: (name) => env[name],
    readFile: (path) => {
      const text = files[path];
      return text === undefined
        ? Promise.reject(new Deno.errors.NotFound(`no ${path}`))
        : Promise.resolve(text);
    },
    ...options,
  });
}

/** What it complains about there. */
export async function complaint(world: World, options?: LoadConnectionOptions): Promise<string> {
  return (await rejection(load(world, options), ConfigError)).message;
}

/** What it complains about a kubeconfig that is the file `/k`. */
export async function complaintOf(text: string): Promise<string> {
  return await complaint({ files: { "/k": text } }, { kubeconfig: "/k" });
}

/** The connection of such a file, with these parts; see {@linkcode kubeconfig}. */
export async function loadOne(
  parts: Readonly<Record<string, unknown>>,
  options: LoadConnectionOptions = {},
): Promise<Connection> {
  return await load({ files: { "/k": kubeconfig(parts) } }, { kubeconfig: "/k", ...options });
}

/** The header that a connection would send. */
export async function authorizationOf(connection: Connection): Promise<string | undefined> {
  return await connection.credentials?.authorization();
}
