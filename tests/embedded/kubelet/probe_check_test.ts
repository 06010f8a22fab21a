import type { Probe } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";

import { checkOnce, type CheckOutcome } from "../../../lib/embedded/kubelet/probe_check.ts";
import type { RunningContainer } from "../../../lib/embedded/kubelet/runtime.ts";
import { systemClock } from "../../../lib/time/mod.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";

const never = new AbortController().signal;

const running: RunningContainer = {
  id: "test://1",
  exited: new Promise(() => {}),
  exec: () => Promise.resolve({ exitCode: 3, output: "x".repeat(2000) }),
  kill: () => {},
};

async function check(probe: Probe, port = 0): Promise<CheckOutcome> {
  const spec = { name: "c", ports: [{ name: "web", containerPort: port }] };
  const target = { spec, running, ip: "127.0.0.1", clock: systemClock };
  return await checkOnce(probe, target, 5000, never);
}

async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  use: (port: number) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  await use(server.addr.port);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

const PASSED = { result: "success", message: "" };

Deno.test("checkOnce() passes when a page is there, by number and by name of the port", async () => {
  const seen: string[] = [];
  await withServer((request) => {
    seen.push(`${new URL(request.url).pathname} ${request.headers.get("x-a")}`);
    return new Response("ok");
  }, async (port) => {
    const httpHeaders = [{ name: "X-A", value: "1" }];
    assert.deepEqual(await check({ httpGet: { port, path: "/healthz", httpHeaders } }), PASSED);
    assert.deepEqual(await check({ httpGet: { port: "web" } }, port), PASSED);
  });
  assert.deepEqual(seen, ["/healthz 1", "/ null"]);
});

Deno.test("checkOnce() takes a redirect for a pass and an error for a failure", async () => {
  const codes: Record<string, number> = { "/moved": 302, "/gone": 404 };
  await withServer(
    (request) => {
      const status = codes[new URL(request.url).pathname] ?? 200;
      return new Response(null, { status, headers: { location: "/gone" } });
    },
    async (port) => {
      assert.deepEqual(await check({ httpGet: { port, path: "moved" } }), PASSED);
      assert.deepEqual(await check({ httpGet: { port, path: "/gone" } }), {
        result: "failure",
        message: "HTTP probe failed with statuscode: 404",
      });
    },
  );
});

Deno.test("checkOnce() fails when nobody listens", async () => {
  const port = freePort();
  const get = await check({ httpGet: { port } });
  assert.equal(get.result, "failure");
  assert.match(get.message, new RegExp(`^Get "http://127.0.0.1:${port}/": `));
  const connect = await check({ tcpSocket: { port } });
  assert.equal(connect.result, "failure");
  assert.match(connect.message, new RegExp(`^dial tcp 127.0.0.1:${port}: .*refused`));
});

Deno.test("checkOnce() passes when a port can be connected to", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const accepted = listener.accept();
  assert.deepEqual(await check({ tcpSocket: { port } }), PASSED);
  (await accepted).close();
});

Deno.test("checkOnce() shows the beginning of what a command says", async () => {
  const { result, message } = await check({ exec: { command: ["x"] } });
  assert.deepEqual([result, message.length], ["failure", 900]);
});

Deno.test("checkOnce() gives up a page that does not come", async () => {
  const clock = new FakeClock();
  const end = Promise.withResolvers<Response>();
  await withServer(() => end.promise, async (port) => {
    const target = { spec: { name: "c" }, running, ip: "127.0.0.1", clock };
    const outcome = checkOnce({ httpGet: { port } }, target, 3000, never);
    await settle();
    await clock.advance(3000);
    assert.deepEqual(await outcome, {
      result: "failure",
      message: "no answer from 127.0.0.1 within 3s",
    });
    end.resolve(new Response());
  });
});

const ERRORS: readonly (readonly [probe: Probe, message: string])[] = [
  [{ httpGet: { port: "none" } }, "the container has no port 'none'"],
  [{ tcpSocket: { port: 70000 } }, "the container has no port '70000'"],
  [{ grpc: { port: 1 } }, "the probe is of a kind that this kubelet does not support"],
];

for (const [probe, message] of ERRORS) {
  Deno.test(`checkOnce() cannot be made when ${message}`, async () => {
    assert.deepEqual(await check(probe), { result: "error", message });
  });
}

Deno.test("checkOnce() throws the reason when it is aborted", async () => {
  const reason = new Error("stop");
  const target = { spec: { name: "c" }, running, ip: "127.0.0.1", clock: systemClock };
  const outcome = checkOnce({ exec: { command: ["x"] } }, target, 1000, AbortSignal.abort(reason));
  await assert.rejects(outcome, reason);
});
