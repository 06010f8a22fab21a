/** Tokens of service accounts, as the API server makes them. */

import type { KubeClient } from "../../../lib/kube/mod.ts";
import { usedSecrets } from "../secrets.ts";

/** How a token of a service account is made. */
export interface TokenOptions {
  /**
   * For how long it is valid, in seconds; the API server takes 600 at least.
   *
   * @default {3600}
   */
  readonly expirationSeconds?: number;
  /** The object without which it is void: a Pod or a Secret. */
  readonly boundTo?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  };
}

/** A token of a service account, as a kubelet asks for one. */
export async function serviceAccountToken(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { expirationSeconds = 3600, boundTo }: TokenOptions = {},
): Promise<string> {
  const answer = await client.request({
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds, ...(boundTo && { boundObjectRef: boundTo }) },
    },
  });
  // as: a TokenRequest that was accepted has a token.
  const { token } = (answer as { readonly status: { readonly token: string } }).status;
  usedSecrets.add(`token of service account ${namespace}/${name}`, token);
  return token;
}
