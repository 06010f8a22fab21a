/** What a kubeconfig says of a credential plugin. */

import { dirname, resolve } from "node:path";

import {
  booleanField,
  type Entry,
  fieldError,
  listField,
  textField,
  textListField,
  warnOfOthers,
} from "./_kubeconfig_fields.ts";
import { asMapping } from "./_mapping.ts";
import type { ExecPlugin, InteractiveMode } from "./exec_credentials.ts";

const GROUP = "client.authentication.k8s.io";

/** The versions there are (client-go, `plugin/pkg/client/auth/exec`); v1alpha1 ended with Kubernetes 1.24. */
const API_VERSIONS: readonly string[] = [`${GROUP}/v1`, `${GROUP}/v1beta1`];

/** The fields there are (client-go, `clientcmd/api/v1/types.go`). */
const FIELDS: readonly string[] = [
  "apiVersion",
  "command",
  "args",
  "env",
  "installHint",
  "provideClusterInfo",
  "interactiveMode",
];

const INTERACTIVE_MODES: readonly InteractiveMode[] = ["Never", "IfAvailable", "Always"];

/**
 * The plugin of `exec`, which is a field of `user`.
 *
 * @throws {ConfigError} if a field is missing or wrong
 */
export function execPluginOf(user: Entry, exec: Entry, clusterInfo: unknown): ExecPlugin {
  warnOfOthers(exec, FIELDS);
  const apiVersion = textField(exec, "apiVersion");
  if (!apiVersion) throw fieldError(exec, "apiVersion", "is missing");
  if (!API_VERSIONS.includes(apiVersion)) {
    throw fieldError(exec, "apiVersion", `is '${apiVersion}', not one of ${quoted(API_VERSIONS)}`);
  }
  const command = textField(exec, "command");
  if (!command) throw fieldError(exec, "command", "is missing");
  return {
    title: `plugin '${command}' of ${user.title}`,
    apiVersion,
    command: resolveCommand(exec, command),
    args: textListField(exec, "args"),
    env: envOf(exec),
    interactiveMode: interactiveModeOf(exec, apiVersion),
    installHint: textField(exec, "installHint"),
    ...(booleanField(exec, "provideClusterInfo") && { cluster: clusterInfo }),
  };
}

/** A bare name is looked for in `PATH`; anything else starts from the folder of the kubeconfig. */
function resolveCommand({ file }: Entry, command: string): string {
  const isPath = command.includes("/") || (Deno.build.os === "windows" && command.includes("\\"));
  return isPath ? resolve(dirname(file), command) : command;
}

function envOf(exec: Entry): Readonly<Record<string, string>> {
  return Object.fromEntries(
    listField(exec, "env").map((item) => {
      const { name, value = "" } = asMapping(item) ?? {};
      if (typeof name !== "string" || name === "" || typeof value !== "string") {
        throw fieldError(exec, "env", "is not a list of 'name' and 'value'");
      }
      return [name, value];
    }),
  );
}

/** It has a default in v1beta1 only. */
function interactiveModeOf(exec: Entry, apiVersion: string): InteractiveMode {
  const text = textField(exec, "interactiveMode");
  if (!text && apiVersion === `${GROUP}/v1beta1`) return "IfAvailable";
  const mode = INTERACTIVE_MODES.find((candidate) => candidate === text);
  if (!mode) {
    throw fieldError(exec, "interactiveMode", `is not one of ${quoted(INTERACTIVE_MODES)}`);
  }
  return mode;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(", ");
}
