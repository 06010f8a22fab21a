/** How a running watch ends. */

import assert from "node:assert/strict";

import { WatchStream } from "../../../../lib/embedded/api/verbs/watch_stream.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

Deno.test("WatchStream tells its end once, also if the client goes before it has read all", async () => {
  let ends = 0;
  const stream = new WatchStream({
    clock: new FakeClock(),
    timeoutMs: 1000,
    onEnd: () => void ends++,
  });
  stream.send(new TextEncoder().encode("{}\n"));
  stream.close();
  await stream.body.cancel();
  assert.equal(ends, 1);
});
