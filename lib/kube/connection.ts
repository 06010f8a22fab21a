/** Everything a client must know about one API server. */

import type { Credentials } from "./credentials.ts";
import type { Impersonation } from "./impersonation.ts";
import type { ProxyServer } from "./proxy.ts";
import type { TlsSource } from "./tls.ts";

/** One API server and how to reach it. It can be logged: its parts show no secret. */
export interface Connection {
  /** URL without a slash at its end; its path, if it has one, is a prefix of every request's. */
  readonly server: string;
  /**
   * Who we are.
   *
   * @default {anonymous}
   */
  readonly credentials?: Credentials;
  /**
   * Certificate authorities to trust in addition, and our client certificate.
   *
   * @default {the built-in web roots, no client certificate}
   */
  readonly tls?: TlsSource;
  /**
   * Whom we act as.
   *
   * @default {ourselves}
   */
  readonly impersonation?: Impersonation;
  /**
   * The proxy to go through.
   *
   * @default {that of the environment: HTTPS_PROXY, HTTP_PROXY, NO_PROXY}
   */
  readonly proxy?: ProxyServer;
  /**
   * Whether the server is asked not to compress its answers.
   *
   * @default {false}
   */
  readonly disableCompression?: boolean;
  /** Namespace to work in where a user names none. */
  readonly namespace: string;
  /**
   * Whether this program runs in a pod of that cluster, as its service account.
   *
   * @default {false}
   */
  readonly isInCluster?: boolean;
  /** Where this came from, for people: `context 'a' of '/home/u/.kube/config'`. */
  readonly description: string;
}
