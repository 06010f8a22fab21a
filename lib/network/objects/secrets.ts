/** The two Secrets of a network: its configuration, and its credentials if no one else brings them. */

import type { Secret } from "kubernetes-types/core/v1.d.ts";
import type { Credentials } from "../credentials.ts";
import { configSecretName, rpcSecretName, SECRET_KEYS } from "../names.ts";
import { CONFIG_KEY } from "./bitcoin_conf.ts";
import { metadataOf, type Owner } from "./metadata.ts";

/** The Secret that holds bitcoin.conf. */
export function configSecretOf(owner: Owner, conf: string): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(owner, configSecretName(owner.name)),
    type: "Opaque",
    data: { [CONFIG_KEY]: encode(conf) },
  };
}

/** The Secret with credentials that the controller made. */
export function rpcSecretOf(owner: Owner, { user, password, salt }: Credentials): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(owner, rpcSecretName(owner.name)),
    type: "Opaque",
    data: {
      [SECRET_KEYS.user]: encode(user),
      [SECRET_KEYS.password]: encode(password),
      [SECRET_KEYS.salt]: encode(salt),
    },
  };
}

/** Base64 of the text's UTF-8, as a Secret's data holds it. */
function encode(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
