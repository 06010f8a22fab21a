/** The controller's own HTTP server: what it answers, where it listens, how it ends. */

import assert from "node:assert/strict";
import {
  ControllerServer,
  type ControllerServerOptions,
  ListenError,
  PING,
} from "../../lib/server/mod.ts";
import { captureLogs } from "../support/logs.ts";

/** A server that runs until it is disposed of. */
class Running implements AsyncDisposable {
  readonly server: ControllerServer;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Partial<ControllerServerOptions> = {}) {
    this.server = new ControllerServer({
      address: { hostname: "127.0.0.1", port: 0 },
      live: [PING],
      ready: [PING, { name: "informers", problem: () => "no pods yet" }],
      ...options,
    });
    this.#running = this.server.run(this.#stop.signal);
  }

  async fetch(path: string, init?: RequestInit): Promise<Response> {
    return await fetch(await this.server.url() + path, init);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.#running;
  }
}

const METRICS = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  metrics: () => Promise.resolve("# nothing\n"),
};

const ANSWERS: readonly (readonly [method: string, path: string, number, body: string | RegExp])[] =
  [
    ["GET", "/livez", 200, "ok"],
    ["GET", "/healthz", 200, "ok"],
    ["GET", "/healthz?verbose", 200, "[+]ping ok\nhealthz check passed\n"],
    ["GET", "/livez/ping", 200, "ok"],
    ["GET", "/livez/informers", 404, /not found/],
    ["GET", "/readyz", 500, /^\[\+\]ping ok\n\[-\]informers failed: reason withheld\n/],
    ["GET", "/readyz?exclude=informers", 200, "ok"],
    ["GET", "/readyz/ping", 200, "ok"],
    ["GET", "/readyz/informers", 500, "internal server error: reason withheld\n"],
    ["GET", "/readyz/ping/more", 404, /not found/],
    ["GET", "/readyz/", 404, /not found/],
    ["HEAD", "/livez", 200, ""],
    ["HEAD", "/metrics", 200, ""],
    ["GET", "/metrics", 200, "# nothing\n"],
    ["GET", "/metrics/more", 404, /not found/],
    ["POST", "/metrics", 405, /not allowed/],
    ["DELETE", "/readyz", 405, /not allowed/],
    ["GET", "/", 404, /not found/],
    ["POST", "/", 404, /not found/],
    ["GET", "/debug/pprof", 404, /not found/],
  ];

Deno.test("ControllerServer answers", async (t) => {
  await using running = new Running({ metrics: METRICS });
  for (const [method, path, status, body] of ANSWERS) {
    await t.step(`${method} ${path} with ${status}`, async () => {
      const response = await running.fetch(path, { method });
      const text = await response.text();
      assert.equal(response.status, status);
      if (typeof body === "string") assert.equal(text, body);
      else assert.match(text, body);
      assert.doesNotMatch(text, /no pods yet/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      if (status === 405) assert.equal(response.headers.get("allow"), "GET, HEAD");
      const type = path === "/metrics" && status === 200
        ? METRICS.contentType
        : "text/plain; charset=utf-8";
      assert.equal(response.headers.get("content-type")?.toLowerCase(), type);
    });
  }
});

Deno.test("ControllerServer has no /metrics without metrics", async () => {
  await using running = new Running();
  const response = await running.fetch("/metrics");
  assert.equal(response.status, 404);
  await response.body?.cancel();
});

Deno.test("ControllerServer answers 500 and logs why when the metrics cannot be read", async () => {
  await using logs = await captureLogs();
  const metrics = { ...METRICS, metrics: () => Promise.reject(new Error("lost count of 7 pods")) };
  await using running = new Running({ metrics });
  const response = await running.fetch("/metrics");
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /pods/);
  const line = logs.lines.find(({ level }) => level === "error");
  assert.match(String(line?.properties["error"]), /lost count/);
});

Deno.test("ControllerServer listens on all addresses when it is given none", async () => {
  await using running = new Running({ address: { hostname: "", port: 0 } });
  const { port } = new URL(await running.server.url());
  const response = await fetch(`http://127.0.0.1:${port}/livez`);
  assert.equal(await response.text(), "ok");
});

Deno.test("ControllerServer fails with the address when its port is taken", async () => {
  await using first = new Running();
  const { port } = new URL(await first.server.url());
  const address = { hostname: "127.0.0.1", port: Number(port) };
  const second = new ControllerServer({ address, live: [], ready: [] });
  await assert.rejects(second.run(new AbortController().signal), (error) => {
    assert.ok(error instanceof ListenError);
    assert.match(error.message, new RegExp(`^Cannot listen on '127.0.0.1:${port}': .*in use`));
    return true;
  });
});

for (const hostname of ["192.0.2.1", "no-such-host.invalid"]) {
  Deno.test(`ControllerServer fails with the address when '${hostname}' is none of this machine`, async () => {
    const address = { hostname, port: 0 };
    const server = new ControllerServer({ address, live: [], ready: [] });
    const failed = server.run(new AbortController().signal);
    await assert.rejects(failed, new RegExp(`^ListenError: Cannot listen on '${hostname}:0': `));
  });
}

Deno.test("ControllerServer ends at once, whoever is connected, and gives its port back", async () => {
  const stop = new AbortController();
  const address = { hostname: "127.0.0.1", port: 0 };
  const waiting = Promise.withResolvers<void>();
  const held = Promise.withResolvers<string>();
  const metrics = {
    ...METRICS,
    metrics: () => {
      waiting.resolve();
      return held.promise;
    },
  };
  const server = new ControllerServer({ address, live: [PING], ready: [], metrics });
  const running = server.run(stop.signal);
  const url = await server.url();
  const { hostname, port } = new URL(url);
  // One that is idle, one that has sent half a request, and one that waits for its answer.
  using idle = await Deno.connect({ hostname, port: Number(port) });
  using half = await Deno.connect({ hostname, port: Number(port) });
  await half.write(new TextEncoder().encode("GET /livez HTTP/1.1\r\nho"));
  const cut = assert.rejects(fetch(`${url}/metrics`));
  await waiting.promise;
  stop.abort(new Error("stop"));
  await running;
  await cut;
  held.resolve("");
  assert.equal(await idle.read(new Uint8Array(1)).catch(() => null), null);
  Deno.listen({ hostname, port: Number(port) }).close();
});

Deno.test("ControllerServer does not begin when it is stopped before", async () => {
  const server = new ControllerServer({
    address: { hostname: "192.0.2.1", port: 1 },
    live: [],
    ready: [],
  });
  await server.run(AbortSignal.abort(new Error("stop")));
});
