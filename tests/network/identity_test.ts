/** Who a node says it is. */

import assert from "node:assert/strict";
import { commentsOf, isNode, isOfAnotherNetwork, networkMark } from "../../lib/network/identity.ts";

const MARK = "network-0123456789";

Deno.test("networkMark() is short, made of what bitcoind lets into a user agent, and another one for another network", () => {
  const mark = networkMark("7a2f60c4-6a5f-4f39-9d5e-0d8f0e3d9c11");
  assert.match(mark, /^network-[0-9a-f]{10}$/);
  assert.equal(mark, networkMark("7a2f60c4-6a5f-4f39-9d5e-0d8f0e3d9c11"));
  assert.notEqual(mark, networkMark("7a2f60c4-6a5f-4f39-9d5e-0d8f0e3d9c12"));
});

const COMMENTS: [userAgent: string, comments: string[]][] = [
  ["/Satoshi:30.0.0(net-sts-0; network-0123456789)/", ["net-sts-0", MARK]],
  ["/Satoshi:29.3.0(net-sts-0; network-0123456789)/Knots:20260210/", ["net-sts-0", MARK]],
  ["/Satoshi:30.0.0/", []],
  ["/btcwire:0.5.0/wallet:1/", []],
  ["", []],
];

for (const [userAgent, comments] of COMMENTS) {
  Deno.test(`commentsOf() reads '${userAgent}'`, () => {
    assert.deepEqual(commentsOf(userAgent), comments);
  });
}

Deno.test("isNode() wants both the pod's name and the network's mark", () => {
  const expected = { name: "net-sts-1", mark: MARK };
  assert.ok(isNode(`/Satoshi:30.0.0(net-sts-1; ${MARK})/`, expected));
  assert.ok(!isNode(`/Satoshi:30.0.0(net-sts-1; network-9999999999)/`, expected), "a namesake");
  assert.ok(!isNode(`/Satoshi:30.0.0(net-sts-10; ${MARK})/`, expected), "another node");
  assert.ok(!isNode("/Satoshi:30.0.0(net-sts-1)/", expected));
  assert.ok(!isNode("", expected));
});

Deno.test("isOfAnotherNetwork() knows nodes of other networks, and leaves wallets alone", () => {
  assert.ok(isOfAnotherNetwork("/Satoshi:30.0.0(net-sts-1; network-9999999999)/", MARK));
  assert.ok(!isOfAnotherNetwork(`/Satoshi:30.0.0(net-sts-1; ${MARK})/`, MARK));
  assert.ok(!isOfAnotherNetwork("/Satoshi:30.0.0(my-wallet)/", MARK));
  assert.ok(!isOfAnotherNetwork("/btcwire:0.5.0/", MARK));
});
