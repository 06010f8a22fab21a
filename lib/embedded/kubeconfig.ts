/** The kubeconfig file of an embedded cluster, as a text. */

import { stringify } from "yaml";

/** What a kubeconfig says. */
export interface KubeconfigInit {
  /** Name of the cluster, of the user and of the context. */
  readonly name: string;
  /** URL of the API server; over plain HTTP it must carry the user's token, as kubectl sends no other credentials then. */
  readonly server: string;
}

/**
 * The text of a kubeconfig with one context, which is the current one.
 *
 * @example Usage
 * ```ts
 * import { kubeconfigText } from "./kubeconfig.ts";
 *
 * kubeconfigText({ name: "demo", server: "http://127.0.0.1:8001/token/secret" });
 * ```
 */
export function kubeconfigText({ name, server }: KubeconfigInit): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
  });
}
