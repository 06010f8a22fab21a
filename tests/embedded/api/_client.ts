/** A server and a plain client for it: requests and answers as they are, without the client of this project in between. */

import assert from "node:assert/strict";

import { ApiServer, type ApiServerOptions } from "../../../lib/embedded/api/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** The moment at which the clock of a {@linkcode TestApi} stands. */
const START = Date.UTC(2026, 0, 1);

/** The same as servers write it. */
export const NOW = "2026-01-01T00:00:00Z";

// deno-lint-ignore no-explicit-any -- tests look into answers of any shape; a wrong look fails the test
export type Body = any;

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

const TOKEN = "secret";

/** A server with a clock that stands still, and a client with a token. */
export class TestApi implements AsyncDisposable {
  readonly clock = new FakeClock(START);
  readonly server: ApiServer;

  constructor(options: Partial<ApiServerOptions> = {}) {
    this.server = new ApiServer({
      tokens: new Map([[TOKEN, "admin"]]),
      clock: this.clock,
      random: () => 0,
      ...options,
    });
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        "user-agent": "test",
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    return await readReply(response);
  }

  get(path: string, headers?: Record<string, string>): Promise<Reply> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.send("POST", path, body);
  }

  put(path: string, body: unknown): Promise<Reply> {
    return this.send("PUT", path, body);
  }

  delete(path: string, body?: unknown): Promise<Reply> {
    return this.send("DELETE", path, body);
  }

  /** A patch; a merge patch if nothing else is said. */
  patch(path: string, body: unknown, kind = "merge-patch+json"): Promise<Reply> {
    return this.send("PATCH", path, body, { "content-type": `application/${kind}` });
  }

  /** Sends something that has to work, and returns the body of the answer. */
  async ok(method: string, path: string, body?: unknown): Promise<Body> {
    const reply = await this.send(
      method,
      path,
      body,
      method === "PATCH" ? { "content-type": "application/merge-patch+json" } : {},
    );
    assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.body;
  }

  /** Creates a config map in the namespace `default`. */
  configMap(
    name: string,
    metadata: Record<string, unknown> = {},
    data: Record<string, string> = {},
  ): Promise<Body> {
    return this.ok("POST", CONFIG_MAPS, { metadata: { name, ...metadata }, data });
  }

  /** Opens a watch. */
  async watch(path: string, headers: Record<string, string> = {}): Promise<TestWatch> {
    const response = await fetch(this.server.url + path, {
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
    assert.equal(response.status, 200, await (response.ok ? "" : response.text()));
    assert.ok(response.body);
    return new TestWatch(response.body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }
}

/** Starts one. */
export async function startApi(options?: Partial<ApiServerOptions>): Promise<TestApi> {
  const api = new TestApi(options);
  await api.server.start();
  return api;
}

/** Config maps of the namespace `default`. */
export const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

async function readReply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, text, body: text.startsWith("{") ? JSON.parse(text) : undefined };
}

/** A running watch. */
export class TestWatch implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #buffer = "";

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event; undefined at the end of the stream. */
  async next(): Promise<Body> {
    while (!this.#buffer.includes("\n")) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#buffer += value;
    }
    const end = this.#buffer.indexOf("\n");
    const line = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end + 1);
    return JSON.parse(line);
  }

  /** The next events, each as `TYPE name`. */
  async names(count: number): Promise<string[]> {
    const events: string[] = [];
    for (let i = 0; i < count; i++) {
      const event = await this.next();
      events.push(
        event
          ? `${event.type} ${event.object.metadata.name ?? event.object.metadata.resourceVersion}`
          : "end",
      );
    }
    return events;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
  }
}
