import assert from "node:assert/strict";

import { eventually } from "../../support/eventually.ts";
import { captureLogs } from "../../support/logs.ts";
import { CONFIG_MAPS, startApi } from "./_client.ts";

Deno.test("ApiServer finds no fault of its own in a client that goes away in the middle of a body", async () => {
  await using logs = await captureLogs();
  await using api = await startApi();
  const { hostname, port } = new URL(api.server.url);
  {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const head = [
      `POST ${CONFIG_MAPS} HTTP/1.1`,
      `host: ${hostname}`,
      "authorization: Bearer secret",
      "content-type: application/json",
      "content-length: 100",
    ];
    await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n{`));
    await eventually(() => api.server.requests.some(({ verb }) => verb === "create"), {
      what: "the request to arrive",
    });
  }
  const code = await eventually(
    // 0 until it is answered.
    () => api.server.requests.find(({ verb }) => verb === "create")?.code || undefined,
    { what: "the request to end" },
  );
  assert.equal(code, 400);
  assert.deepEqual(logs.lines.filter(({ level }) => level === "error"), []);
});
