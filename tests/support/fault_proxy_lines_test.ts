/** Faults in the lines of a watch, whose client may go at any moment. */

import assert from "node:assert/strict";
import type { Fault } from "./fault_proxy.ts";
import { cutInsideCharacter, swappedLines } from "./fault_proxy_lines.ts";
import { WireAnswer, type WireRequest } from "./fault_proxy_wire.ts";

Deno.test("swappedLines() leaves no rejection behind when its client goes between two lines", async () => {
  const [client, connection] = await connect();
  // The head and the second line go out; the first one finds nobody.
  let writes = 0;
  const { write } = connection;
  connection.write = async (bytes) => {
    if (++writes > 2) throw new Error("Broken pipe");
    return await write.call(connection, bytes);
  };
  const answer = new WireAnswer(connection);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"a":1}\n{"b":2}\n'));
      answer.hungUp.addEventListener("abort", () => controller.error(answer.hungUp.reason));
    },
  });
  const forward = (): Promise<Response> => Promise.resolve(new Response(body));
  await assert.rejects(swappedLines().answer({ request: WATCH, answer, forward }), /Broken pipe/);
  // As the proxy does in the end; it fails the line that was to come next.
  answer.cut();
  await new Promise((resolve) => setTimeout(resolve, 0));
  client.close();
});

Deno.test("cutInsideCharacter() cuts after the first byte of the first character that has several", async () => {
  const sent = await sentBy(cutInsideCharacter(), '{"a":1}\n{"b":"₿"}\n{"c":1}\n');
  const [whole, rest] = [new TextEncoder().encode('{"a":1}\n{"b":"'), sent.subarray(14)];
  assert.deepEqual(sent.subarray(0, 14), whole);
  assert.deepEqual(rest, new TextEncoder().encode("₿").subarray(0, 1));
});

const WATCH: WireRequest = {
  method: "GET",
  target: "/api/v1/pods?watch=1",
  headers: new Headers(),
  body: undefined,
};

/** The two ends of a connection. */
async function connect(): Promise<[client: Deno.Conn, connection: Deno.Conn]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  return await Promise.all([Deno.connect({ hostname: "127.0.0.1", port }), listener.accept()]);
}

/** The bytes of the body that are sent when a fault hits a watch. */
async function sentBy(fault: Fault, body: string): Promise<Uint8Array<ArrayBuffer>> {
  const [client, connection] = await connect();
  const answer = new WireAnswer(connection);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const { chunk } = answer;
  answer.chunk = async (piece) => {
    pieces.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    await chunk.call(answer, piece);
  };
  const forward = (): Promise<Response> => Promise.resolve(new Response(body));
  await fault.answer({ request: WATCH, answer, forward });
  client.close();
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
