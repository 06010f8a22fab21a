import assert from "node:assert/strict";

import {
  type LogRequest,
  readOptions,
  serveLogs,
} from "../../../lib/embedded/kubelet/log_server.ts";
import {
  ContainerLog,
  LogNotFoundError,
  type LogReadOptions,
} from "../../../lib/embedded/kubelet/logs.ts";
import { eventually } from "../../support/eventually.ts";

const NOW = 100_000;

interface LogServer extends AsyncDisposable {
  get(path: string, token?: string): Promise<Response>;
}

function serve(find: (request: LogRequest) => ContainerLog): LogServer {
  const stop = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, token: "t0ken", find, now: () => NOW };
  const server = serveLogs(options, stop.signal);
  return {
    get: (path, token = "t0ken") =>
      fetch(`http://127.0.0.1:${server.addr.port}${path}`, {
        headers: { authorization: `Bearer ${token}` },
      }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

Deno.test("serveLogs() sends the log of a container with the options of the request", async () => {
  const log = new ContainerLog();
  for (const text of ["a", "b", "c"]) log.append({ atMs: NOW, text });
  let asked: LogRequest | undefined;
  await using server = serve((request) => {
    asked = request;
    return log;
  });
  const response = await server.get("/containerLogs/ns/p-0/c?tailLines=2&previous=true");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain");
  assert.equal(await response.text(), "b\nc\n");
  assert.deepEqual(asked, { namespace: "ns", pod: "p-0", container: "c", previous: true });
});

Deno.test("serveLogs() streams lines as they come and ends with the container", async () => {
  const log = new ContainerLog();
  log.append({ atMs: NOW, text: "first" });
  await using server = serve(() => log);
  const response = await server.get("/containerLogs/ns/p/c?follow=true");
  const lines = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await lines?.read())?.value, "first\n");
  log.append({ atMs: NOW, text: "second" });
  assert.equal((await lines?.read())?.value, "second\n");
  log.close();
  assert.equal((await lines?.read())?.done, true);
});

Deno.test("serveLogs() ends when its signal is aborted although a reader still follows", async () => {
  const log = new ContainerLog();
  log.append({ atMs: NOW, text: "first" });
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  {
    await using server = serve(() => log);
    const response = await server.get("/containerLogs/ns/p/c?follow=true");
    reader = response.body?.getReader();
    await reader?.read();
  }
  await assert.rejects(async () => {
    if (!(await reader?.read())?.done) throw new Error("more lines");
    throw new Error("ended");
  });
});

Deno.test("serveLogs() stops reading when the caller goes away", async () => {
  let reading = true;
  const log = new class extends ContainerLog {
    override async *read(options: LogReadOptions, signal: AbortSignal) {
      yield* super.read(options, signal);
      reading = false;
    }
  }();
  log.append({ atMs: NOW, text: "first" });
  await using server = serve(() => log);
  const response = await server.get("/containerLogs/ns/p/c?follow=true");
  const reader = response.body?.getReader();
  await reader?.read();
  assert.ok(reading);
  await reader?.cancel();
  await eventually(() => !reading, { what: "the end of the reading" });
});

const REFUSED: readonly (readonly [path: string, token: string, status: number, text: string])[] = [
  ["/containerLogs/ns/p/c", "wrong", 401, "Unauthorized\n"],
  ["/containerLogs/ns/p", "t0ken", 404, "404 page not found\n"],
  ["/containerLogs/ns/gone/c", "t0ken", 404, "no such pod\n"],
  ["/containerLogs/ns/new/c", "t0ken", 400, "is waiting to start\n"],
  [
    "/containerLogs/ns/p/c?tailLines=-1",
    "t0ken",
    400,
    "tailLines: must be a whole number of at least 0: '-1'\n",
  ],
];

for (const [path, token, status, text] of REFUSED) {
  Deno.test(`serveLogs() answers ${status} to ${path} with the token '${token}'`, async () => {
    await using server = serve(({ pod }) => {
      if (pod === "gone") throw new LogNotFoundError(404, "no such pod");
      if (pod === "new") throw new LogNotFoundError(400, "is waiting to start");
      return new ContainerLog();
    });
    const response = await server.get(path, token);
    assert.deepEqual([response.status, await response.text()], [status, text]);
  });
}

Deno.test("readOptions() reads sinceSeconds and sinceTime", () => {
  const options = (query: string): number | undefined =>
    readOptions(new URLSearchParams(query), NOW).sinceMs;
  assert.equal(options("sinceSeconds=10"), NOW - 10_000);
  assert.equal(options("sinceTime=1970-01-01T00:01:00Z"), 60_000);
  assert.equal(options(""), undefined);
  assert.throws(() => options("sinceTime=today"), RangeError);
  assert.throws(() => options("sinceSeconds=0"), RangeError);
  assert.throws(() => options("sinceSeconds="), RangeError);
});
