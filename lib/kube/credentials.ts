/** Ways to prove who we are to the API server, none of which shows its secret when it is printed. */

import { Buffer } from "node:buffer";

import { getLogger } from "@logtape/logtape";

import { type Clock, systemClock } from "../time/mod.ts";
import { whyUnreadable } from "./_config_io.ts";
import { ConfigError } from "./errors.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

const INSPECT = Symbol.for("Deno.customInspect");

/** For how long a token that was read from a file is used, in ms (client-go, `transport/token_source.go`). */
const TOKEN_LIFETIME_MS = 60_000;

/** How long before the end of that time it is read again, in ms (same source). */
const TOKEN_LEEWAY_MS = 10_000;

/** Whether a text can be sent as a token. `fetch` refuses most others with a message that quotes the whole header. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Hands out the `Authorization` header of each request. */
export interface Credentials {
  /** The header's value now; undefined for none. `signal` gives up waiting for it. */
  authorization(signal?: AbortSignal): Promise<string | undefined>;
  /** The server answered 401 to this value: forget it if it is still the current one. */
  rejected(authorization: string): void;
}

/** A bearer token that never changes. */
export class StaticToken implements Credentials {
  readonly #token: string;

  /** Keeps the token. */
  constructor(token: string) {
    this.#token = token;
  }

  /** `Bearer` and the token. */
  authorization(): Promise<string> {
    return Promise.resolve(`Bearer ${this.#token}`);
  }

  /** Does nothing: there is no other token. */
  rejected(): void {}

  /** Shows no secret. */
  [INSPECT](): string {
    return "StaticToken { (hidden) }";
  }
}

/** User name and password (RFC 7617). */
export class BasicAuth implements Credentials {
  readonly #username: string;
  readonly #password: string;

  /** Keeps both. */
  constructor(username: string, password: string) {
    this.#username = username;
    this.#password = password;
  }

  /** `Basic` and both, encoded. */
  authorization(): Promise<string> {
    const pair = Buffer.from(`${this.#username}:${this.#password}`, "utf8");
    return Promise.resolve(`Basic ${pair.toString("base64")}`);
  }

  /** Does nothing: there is no other password. */
  rejected(): void {}

  /** Shows no secret. */
  [INSPECT](): string {
    return "BasicAuth { (hidden) }";
  }
}

/** What a {@linkcode TokenFile} is made of. */
export interface TokenFileOptions {
  /** The file; it may be replaced at any time. */
  readonly path: string;
  /**
   * Who names the file, for messages: `user 'a' of kubeconfig '/k'`.
   *
   * @default {not told}
   */
  readonly owner?: string | undefined;
  /**
   * Reads a text file.
   *
   * @default {Deno.readTextFile}
   */
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * The token to use until the file could be read.
   *
   * @default {none}
   */
  readonly fallback?: string | undefined;
}

/**
 * A bearer token in a file that somebody rotates, such as a pod's service account token. It is read again before it is
 * a minute old, and after the server has refused it. While the file cannot be read, the old token stays in use.
 */
export class TokenFile implements Credentials {
  readonly #path: string;
  /** For messages. */
  readonly #title: string;
  readonly #readFile: (path: string) => Promise<string>;
  readonly #clock: Clock;
  readonly #fallback: string | undefined;
  #current: { readonly authorization: string; readonly refreshAtMs: number } | undefined;

  /** Keeps its arguments; the file is read with the first request. */
  constructor(options: TokenFileOptions) {
    this.#path = options.path;
    this.#title = `token file '${options.path}'${options.owner ? ` of ${options.owner}` : ""}`;
    this.#readFile = options.readFile ?? Deno.readTextFile;
    this.#clock = options.clock ?? systemClock;
    this.#fallback = options.fallback && `Bearer ${options.fallback}`;
  }

  /**
   * `Bearer` and the token.
   *
   * @throws {ConfigError} if the file cannot be read or is empty, and no token is known
   */
  async authorization(): Promise<string> {
    const nowMs = this.#clock.monotonic();
    if (this.#current && nowMs < this.#current.refreshAtMs) return this.#current.authorization;
    let authorization: string;
    try {
      authorization = `Bearer ${await this.#readToken()}`;
    } catch (error) {
      const known = this.#current?.authorization ?? this.#fallback;
      if (!known) throw error;
      if (known === this.#fallback) {
        log.warn("Using the token of the configuration, as its token file cannot be used", {
          error,
        });
      } else {
        log.warn("Keeping the old token", { error });
      }
      authorization = known;
    }
    const refreshAtMs = nowMs + TOKEN_LIFETIME_MS - TOKEN_LEEWAY_MS;
    this.#current = { authorization, refreshAtMs };
    return authorization;
  }

  /** Forgets the token, so that the next request reads the file. */
  rejected(authorization: string): void {
    if (this.#current?.authorization === authorization) this.#current = undefined;
  }

  /** Shows the path and no secret. */
  [INSPECT](): string {
    return `TokenFile { path: ${JSON.stringify(this.#path)} }`;
  }

  async #readToken(): Promise<string> {
    let text: string;
    try {
      text = await this.#readFile(this.#path);
    } catch (cause) {
      throw new ConfigError(`Cannot read ${this.#title}: ${whyUnreadable(cause)}`, { cause });
    }
    const token = text.trim();
    if (token === "") throw new ConfigError(`Cannot read ${this.#title}: it is empty`);
    if (!isToken(token)) {
      throw new ConfigError(`Cannot read ${this.#title}: it holds more than a token`);
    }
    return token;
  }
}
