/** Who may call the RPC. */

import { rpcAuth } from "../../../rpc/mod.ts";
import type { RpcSettings } from "../settings.ts";

/** Whether the value of an `Authorization` header belongs to one of the users. */
export async function isAuthorized(
  header: string | null,
  { hashes, plain }: RpcSettings,
): Promise<boolean> {
  const encoded = /^Basic (.*)$/.exec(header ?? "")?.[1];
  const credentials = encoded === undefined ? undefined : decode(encoded);
  const colon = credentials?.indexOf(":") ?? -1;
  if (credentials === undefined || colon === -1) return false;
  const user = credentials.slice(0, colon);
  const password = credentials.slice(colon + 1);
  if (plain?.user === user && plain.password === password) return true;
  for (const known of hashes) {
    const salt = /^[^:]*:([^$]+)\$/.exec(known)?.[1] ?? "";
    if (user !== "" && await rpcAuth(user, password, salt) === known) return true;
  }
  return false;
}

function decode(base64: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return undefined; // It is not base64.
  }
}
