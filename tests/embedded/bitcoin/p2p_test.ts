import assert from "node:assert/strict";
import { Slots } from "../../../lib/embedded/bitcoin/slots.ts";
import { branchTip } from "./_blocks.ts";
import { P2pWorld, peersOf } from "./_p2p_world.ts";

/** Time for any message, in ms. */
const SOON_MS = 10;

Deno.test("P2p.dial() connects at once, and the handshake follows", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  const peer = a.p2p.dial(b.name);
  assert.equal(peer?.service, b.name);
  assert.deepEqual(peersOf(a), ["0 to 10.0.0.2 ?"]);
  assert.deepEqual(peersOf(b), ["0 from 10.0.0.1 ?"]);
  await world.clock.advance(SOON_MS);
  assert.deepEqual(peersOf(a), ["0 to 10.0.0.2 /node-2/"]);
  assert.deepEqual(peersOf(b), ["0 from 10.0.0.1 /node-1/"]);
  assert.equal(world.clock.sleeping, 0, "Nothing waits for a handshake that is done");
  assert.match(a.log.join(), /^New manual v2 peer connected: version: 70016, blocks=0, peer=0$/);
});

Deno.test("P2p.dial() does not connect twice, neither under the same name nor to the same address", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  world.wire.hosts.set("b", "10.0.0.2");
  assert.ok(a.p2p.dial("b"));
  for (const name of ["b", "b:18444", b.name, "10.0.0.2"]) {
    assert.equal(a.p2p.dial(name), undefined, name);
  }
  await world.clock.advance(SOON_MS);
  assert.deepEqual(peersOf(a), ["0 to b /node-2/"]);
});

Deno.test("P2p.dial() connects to nobody where nobody listens, or whose name is unknown", () => {
  using world = new P2pWorld();
  const a = world.node(1);
  const silent = world.node(2, false);
  for (const name of ["10.0.0.9:18444", "10.0.0.1:1", "nobody", silent.name]) {
    assert.equal(a.p2p.dial(name), undefined, name);
  }
  assert.deepEqual(peersOf(a), []);
  assert.ok(silent.p2p.dial(a.name), "Who does not listen can still dial");
});

Deno.test("P2p ends a connection to itself", async () => {
  using world = new P2pWorld();
  const a = world.node(1);
  a.p2p.dial(a.name);
  assert.equal(a.p2p.peers.length, 2);
  await world.clock.advance(SOON_MS);
  assert.deepEqual(peersOf(a), []);
});

Deno.test("P2p.disconnect() ends a connection at both ends and gives its slot back", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  const slots = new Slots(1);
  const slot = slots.tryAcquire();
  const peer = a.p2p.dial(b.name, slot);
  await world.clock.advance(SOON_MS);
  const [inbound] = b.p2p.peers;
  assert.ok(peer && inbound);
  assert.equal(slots.tryAcquire(), undefined);
  b.p2p.disconnect(inbound);
  assert.deepEqual([...peersOf(a), ...peersOf(b)], []);
  assert.ok(slots.tryAcquire());
  assert.equal(a.p2p.dial(b.name)?.id, 1, "A number is not used again");
});

Deno.test("P2p.setActive() ends all connections and refuses new ones until it is switched on", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  a.p2p.dial(b.name);
  b.p2p.dial(a.name);
  await world.clock.advance(SOON_MS);
  a.p2p.setActive(false);
  assert.deepEqual([...peersOf(a), ...peersOf(b)], []);
  assert.deepEqual([a.p2p.dial(b.name), b.p2p.dial(a.name)], [undefined, undefined]);
  a.p2p.setActive(true);
  assert.ok(b.p2p.dial(a.name));
});

Deno.test("P2p passes a chain on from node to node, and none back to where it came from", async () => {
  using world = new P2pWorld();
  const [a, b, c] = [world.node(1), world.node(2), world.node(3)];
  a.p2p.dial(b.name);
  b.p2p.dial(c.name);
  await world.clock.advance(SOON_MS);
  const tip = branchTip(3, 1);
  a.add(tip);
  await world.clock.advance(SOON_MS);
  assert.deepEqual([b.chain.tip, c.chain.tip], [tip, tip]);
  assert.equal(a.p2p.peers[0]?.lastBlockTime, 0);
  assert.equal(c.p2p.peers[0]?.lastBlockTime, Math.floor(world.clock.now() / 1000));
  assert.equal(world.clock.sleeping, 0);
});

Deno.test("P2p brings two nodes that meet to the longer chain", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  a.add(branchTip(2, 1));
  const longer = branchTip(3, 2);
  b.add(longer);
  a.p2p.dial(b.name);
  await world.clock.advance(SOON_MS);
  assert.deepEqual([a.chain.tip, b.chain.tip], [longer, longer]);
});

Deno.test("P2p.freeze() leaves connections up and messages unread until P2p.thaw()", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  a.p2p.dial(b.name);
  await world.clock.advance(SOON_MS);
  b.p2p.freeze();
  const tip = branchTip(1, 1);
  a.add(tip);
  await world.clock.advance(3_600_000);
  assert.deepEqual(peersOf(a), ["0 to 10.0.0.2 /node-2/"], "It looks as if all were well");
  assert.equal(b.chain.tip.height, 0);
  assert.equal(b.p2p.dial(a.name), undefined);
  b.p2p.thaw();
  assert.equal(b.chain.tip, tip);
});

Deno.test("P2p.freeze() leaves a connection half open whose other end is gone", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  a.p2p.dial(b.name);
  await world.clock.advance(SOON_MS);
  b.p2p.freeze();
  a.p2p.close();
  assert.deepEqual(peersOf(b), ["0 from 10.0.0.1 /node-1/"]);
  b.p2p.thaw();
  assert.deepEqual(peersOf(b), []);
});

Deno.test("P2p gives up a handshake after a minute", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  b.p2p.freeze();
  assert.ok(a.p2p.dial(b.name), "The system of a frozen process still takes connections");
  await world.clock.advance(59_999);
  assert.deepEqual(peersOf(a), ["0 to 10.0.0.2 ?"]);
  await world.clock.advance(1);
  assert.deepEqual(peersOf(a), []);
});

Deno.test("P2p.linkTo() finds the connection of a listed name, or of a listed address", async () => {
  using world = new P2pWorld();
  const [a, b] = [world.node(1), world.node(2)];
  world.wire.hosts.set("b", "10.0.0.2");
  const peer = a.p2p.dial("b");
  await world.clock.advance(SOON_MS);
  for (const name of ["b", "10.0.0.2", "10.0.0.2:18444"]) assert.equal(a.p2p.linkTo(name), peer);
  assert.equal(a.p2p.linkTo("b:18444"), undefined, "Names are compared as texts");
  assert.equal(b.p2p.linkTo("10.0.0.1"), undefined, "Who dialled in came from another port");
});

Deno.test("P2p keeps a connection to the address that a name had when it was dialled", async () => {
  using world = new P2pWorld();
  const [a, b, c] = [world.node(1), world.node(2), world.node(3)];
  world.wire.hosts.set("b", "10.0.0.2");
  a.p2p.dial("b");
  await world.clock.advance(SOON_MS);
  b.p2p.freeze();
  world.wire.hosts.set("b", "10.0.0.3");
  assert.equal(a.p2p.dial("b"), undefined, "It is connected under that name");
  const [stale] = a.p2p.peers;
  assert.equal(stale?.service, b.name);
  if (stale) a.p2p.disconnect(stale);
  assert.equal(a.p2p.dial("b")?.service, c.name);
});

Deno.test("P2p.listen() takes an address only once, until P2p.close()", () => {
  using world = new P2pWorld();
  const first = world.node(1);
  const second = world.node(1);
  assert.equal(second.p2p.listen(), false);
  second.p2p.close();
  assert.ok(world.node(2).p2p.dial(first.name), "The second one closed what was not its own");
  first.p2p.close();
  assert.equal(world.node(3).p2p.dial(first.name), undefined);
});
