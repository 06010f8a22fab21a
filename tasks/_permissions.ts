/** What the compiled program may do on its machine: compiled in, and told in docs/security.md. */

import { table } from "./_rights_table.ts";

/** One kind of permission of Deno. */
export interface Permission {
  /** As in `--allow-…`. */
  readonly kind: "net" | "read" | "write" | "run" | "env" | "sys";
  /** To what it is limited; everything of its kind if absent. */
  readonly only?: readonly string[];
  /** What for. */
  readonly why: string;
}

/** All that any command needs; of `write` and `run` the command `run` gives up what it can (`lib/cli/run/command.ts`). */
export const PERMISSIONS: readonly Permission[] = [
  {
    kind: "net",
    why: "API servers and nodes are where a kubeconfig and pods say; `run` and `demo` listen",
  },
  {
    kind: "read",
    why: "a kubeconfig, and what it names, may be anywhere; the service account of the pod",
  },
  { kind: "write", why: "the folder of `demo`; `run` gives it up" },
  {
    kind: "run",
    why:
      "credential plugins of a kubeconfig, bitcoind of `demo`; without a plugin `run` gives it up",
  },
  {
    kind: "env",
    only: [
      "CI",
      "HOME",
      "HTTP_PROXY",
      "JEST_WORKER_ID",
      "KUBECONFIG",
      "KUBERNETES_SERVICE_HOST",
      "KUBERNETES_SERVICE_PORT",
      "LOG_STREAM",
      "LOG_TOKENS",
      "NO_COLOR",
      "NO_PROXY",
      "PATH",
      "POD_NAME",
      "POD_NAMESPACE",
      "TERM",
      "UNDICI_NO_WASM_SIMD",
      "USERPROFILE",
      "http_proxy",
      "no_proxy",
    ],
    why:
      "where the cluster is, which pod this is, proxies, colours; `demo` looks for bitcoind; what `picocolors`, `undici` and `yaml` ask for",
  },
  {
    kind: "sys",
    only: ["hostname", "osRelease", "systemMemoryInfo"],
    why: "the name of the replica; what `demo` says of its node",
  },
];

/** The arguments of `deno compile` for them. What is not granted is an error, and never a question. */
export function permissionFlags(permissions: readonly Permission[]): string[] {
  const flags = permissions.map(({ kind, only }) =>
    `--allow-${kind}${only ? `=${only.join(",")}` : ""}`
  );
  return [...flags, "--deny-import", "--no-prompt"];
}

/** The same as a Markdown table. */
export function permissionsTable(permissions: readonly Permission[]): string {
  return table(
    ["permission", "of", "what for"],
    permissions.map(({ kind, only, why }) => [
      `\`${kind}\``,
      only ? only.map((name) => `\`${name}\``).join(", ") : "all",
      why,
    ]),
  );
}
