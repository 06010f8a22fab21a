/** The proxy that a connection goes through. */

const INSPECT = Symbol.for("Deno.customInspect");

/** Protocols of the proxies that `fetch` can use (client-go, `clientcmd/helpers.go`, has the same). */
export const PROXY_PROTOCOLS: readonly string[] = ["http:", "https:", "socks5:"];

/** A proxy, and who we are to it. It never shows the password. */
export class ProxyServer {
  /** URL without user and password. */
  readonly url: string;
  readonly #login: { readonly username: string; readonly password: string } | undefined;

  /**
   * Takes user and password out of the URL.
   *
   * @throws {TypeError} if it is no URL of one of {@linkcode PROXY_PROTOCOLS}; the message does not quote it
   */
  constructor(text: string) {
    const url = URL.parse(text);
    if (!url || !PROXY_PROTOCOLS.includes(url.protocol) || url.hostname === "") {
      throw new TypeError("Cannot use a proxy: its URL is no http, https or socks5 URL");
    }
    if (url.username || url.password) {
      this.#login = { username: decode(url.username), password: decode(url.password) };
    }
    url.username = "";
    url.password = "";
    this.url = url.protocol === "socks5:" ? `socks5://${url.host}` : url.origin;
  }

  /** What `Deno.createHttpClient` takes. */
  forHttpClient(): Deno.Proxy {
    return { url: this.url, ...(this.#login && { basicAuth: { ...this.#login } }) };
  }

  /** Shows the address and no secret. */
  [INSPECT](): string {
    return `ProxyServer { url: ${JSON.stringify(this.url)}, login: ${this.#login !== undefined} }`;
  }
}

/** A stray percent sign stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
