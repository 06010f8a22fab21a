/** Finds the API server to talk to: kubeconfig files, or the service account of the pod we run in. */

import { join } from "node:path";

import { type Clock, systemClock } from "../time/mod.ts";
import { type ConfigIo, readText } from "./_config_io.ts";
import { isInCluster, serviceAccountConnection, whyNoPod } from "./_in_cluster.ts";
import { connectionOf } from "./_kubeconfig_connection.ts";
import {
  type Kubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  type ParseOptions,
} from "./_kubeconfig_file.ts";
import type { Connection } from "./connection.ts";
import { ConfigError } from "./errors.ts";
import type { RunPlugin } from "./exec_credentials.ts";

/** Where to look. */
export interface LoadConnectionOptions {
  /** Path of a kubeconfig file, which must exist; nothing else is looked at then. */
  readonly kubeconfig?: string | undefined;
  /** Name of a context; the kubeconfig's `current-context` if absent. */
  readonly context?: string | undefined;
  /**
   * Reads an environment variable.
   *
   * @default {Deno.env.get}
   */
  readonly env?: ((name: string) => string | undefined) | undefined;
  /**
   * Reads a text file; throws `Deno.errors.NotFound` if there is none.
   *
   * @default {Deno.readTextFile}
   */
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  /**
   * Time source of what is read again in time: tokens, certificates, credentials of a plugin.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Runs a credential plugin.
   *
   * @default {a child process}
   */
  readonly runPlugin?: RunPlugin | undefined;
  /**
   * Whether there is a person at our standard input, whom a credential plugin may ask.
   *
   * @default {Deno.stdin.isTerminal}
   */
  readonly isTerminal?: (() => boolean) | undefined;
}

/**
 * Finds the connection. The first of these that is there counts: the given kubeconfig; the files that `KUBECONFIG`
 * lists, merged; the pod's service account, unless a context is given; `~/.kube/config`.
 *
 * Needs to read the environment variables `KUBECONFIG`, `KUBERNETES_SERVICE_HOST`, `KUBERNETES_SERVICE_PORT`,
 * `POD_NAMESPACE` and `HOME`, and the files themselves.
 *
 * @throws {ConfigError} if there is none, or it is wrong; the message names the file and the field
 */
export async function loadConnection(options: LoadConnectionOptions = {}): Promise<Connection> {
  const io: ConfigIo = {
    env: options.env ?? ((name) => Deno.env.get(name)),
    readFile: options.readFile ?? Deno.readTextFile,
    clock: options.clock ?? systemClock,
    runPlugin: options.runPlugin,
    isTerminal: options.isTerminal,
  };
  const { kubeconfig, context } = options;
  if (kubeconfig) {
    const text = await readText(io, "kubeconfig", kubeconfig);
    return await connectionOf(await parseKubeconfig(text, kubeconfig), context, io);
  }
  const listed = pathsOf(io.env("KUBECONFIG"));
  if (listed.length > 0) return await connectionOf(await readListed(listed, io), context, io);
  if (isInCluster(io) && !context) return await serviceAccountConnection(io);

  const home = io.env("HOME") ?? io.env("USERPROFILE");
  const path = home && join(home, ".kube", "config");
  const config = path ? await readIfThere(path, io) : undefined;
  if (config) return await connectionOf(config, context, io);
  throw new ConfigError(
    "Cannot find an API server: no kubeconfig is given, KUBECONFIG is not set, this is no pod " +
      `(${await whyNoPod(io)}) and ${path ? `'${path}' does not exist` : "HOME is not set"}`,
  );
}

function pathsOf(list: string | undefined): string[] {
  const separator = Deno.build.os === "windows" ? ";" : ":";
  return [...new Set(list?.split(separator).filter((path) => path !== "") ?? [])];
}

/**
 * As kubectl does it: files of the list that do not exist are skipped, unless none does, and of several one may be
 * empty.
 */
async function readListed(paths: readonly string[], io: ConfigIo): Promise<Kubeconfig> {
  const files: Kubeconfig[] = [];
  for (const path of paths) {
    const file = await readIfThere(path, io, { mayBeEmpty: paths.length > 1 });
    if (file) files.push(file);
  }
  if (files.length === 0) {
    const names = paths.map((path) => `'${path}'`).join(", ");
    throw new ConfigError(`Cannot find a kubeconfig: KUBECONFIG lists ${names}, and none exists`);
  }
  return mergeKubeconfigs(files);
}

async function readIfThere(
  path: string,
  io: ConfigIo,
  options: ParseOptions = {},
): Promise<Kubeconfig | undefined> {
  try {
    return await parseKubeconfig(await readText(io, "kubeconfig", path), path, options);
  } catch (error) {
    if (error instanceof ConfigError && error.cause instanceof Deno.errors.NotFound) {
      return undefined;
    }
    throw error;
  }
}
