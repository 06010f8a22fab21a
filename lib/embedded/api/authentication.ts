/** Who asks, and whether they may: tokens of known users open everything, others see only what is public. */

import { decodeSegment, type RequestInfo } from "./request_info.ts";
import { forbidden, StatusError, unauthorized } from "./status.ts";

/** The user of a request without a token. */
const ANONYMOUS = "system:anonymous";

/** What anybody may read (`system:public-info-viewer` and the health endpoints). */
const PUBLIC_PATHS = ["/healthz", "/livez", "/readyz", "/version"];

/** First part of a path that carries a token. */
const TOKEN_PREFIX = "/token/";

/** A URL and the token that it carried. */
export interface TokenUrl {
  /** The URL as it is without the token. */
  readonly url: URL;
  /** The token; absent if there was none. */
  readonly token?: string;
}

/** The path prefix with which a URL carries a token, for clients like kubectl that send none over plain HTTP. */
export function tokenPath(token: string): string {
  return `${TOKEN_PREFIX}${encodeURIComponent(token)}`;
}

/** Takes the token out of a URL. */
export function splitTokenUrl(url: URL): TokenUrl {
  if (!url.pathname.startsWith(TOKEN_PREFIX)) return { url };
  const [token = "", ...path] = url.pathname.slice(TOKEN_PREFIX.length).split("/");
  return { url: new URL(`/${path.join("/")}${url.search}`, url), token: decodeSegment(token) };
}

/** The user who sends a request, or the refusal of a token that is not known. */
export function authenticate(
  headers: Headers,
  urlToken: string | undefined,
  tokens: ReadonlyMap<string, string>,
): string | StatusError {
  const authorization = headers.get("authorization");
  if (!authorization && urlToken === undefined) return ANONYMOUS;
  const [, token = urlToken] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  const user = token === undefined ? undefined : tokens.get(token);
  if (user === undefined) return unauthorized();
  // Any user may act as another: there is none here who may not do everything.
  return headers.get("impersonate-user") ?? user;
}

/** Refuses what a user may not do. */
export function authorize(
  user: string,
  info: RequestInfo,
  tokens: ReadonlyMap<string, string>,
): StatusError | undefined {
  for (const known of tokens.values()) if (known === user) return undefined;
  const { target, verb, path } = info;
  if (!target) {
    const open = PUBLIC_PATHS.some((allowed) => path === allowed || path.startsWith(`${allowed}/`));
    if (open && verb === "get") return undefined;
    const message = `forbidden: User "${user}" cannot ${verb} path "${path}"`;
    return new StatusError({ code: 403, reason: "Forbidden", message, details: {} });
  }
  const { group, resource, subresource, namespace, name } = target;
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
  return forbidden(
    { group, kind: resource },
    name,
    `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`,
  );
}
