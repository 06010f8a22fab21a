import assert from "node:assert/strict";
import { rpcUrl } from "../../lib/rpc/url.ts";

const URLS: readonly [host: string, url: string][] = [
  ["127.0.0.1", "http://127.0.0.1:18443/"],
  ["net-0.net-svc", "http://net-0.net-svc:18443/"],
  ["fd00::7", "http://[fd00::7]:18443/"],
];

for (const [host, url] of URLS) {
  Deno.test(`rpcUrl() makes ${url} of ${host}`, () => {
    assert.equal(rpcUrl(host, 18443), url);
    assert.equal(new URL(url).port, "18443");
  });
}
