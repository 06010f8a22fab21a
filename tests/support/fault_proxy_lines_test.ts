/** Faults in the lines of a watch, whose client may go at any moment. */

import assert from "node:assert/strict";
import { swappedLines } from "./fault_proxy_lines.ts";
import { WireAnswer } from "./fault_proxy_wire.ts";

Deno.test("swappedLines() leaves no rejection behind when its client goes between two lines", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const [client, connection] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port }),
    listener.accept(),
  ]);
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
  const request = {
    method: "GET",
    target: "/api/v1/pods?watch=1",
    headers: new Headers(),
    body: undefined,
  };
  const forward = (): Promise<Response> => Promise.resolve(new Response(body));
  await assert.rejects(swappedLines().answer({ request, answer, forward }), /Broken pipe/);
  // As the proxy does in the end; it fails the line that was to come next.
  answer.cut();
  await new Promise((resolve) => setTimeout(resolve, 0));
  client.close();
  listener.close();
});
