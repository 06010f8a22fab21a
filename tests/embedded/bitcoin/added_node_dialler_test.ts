import assert from "node:assert/strict";
import { dialAddedNodes } from "../../../lib/embedded/bitcoin/added_node_dialler.ts";
import { AddedNodes } from "../../../lib/embedded/bitcoin/added_nodes.ts";
import { type BareNode, P2pWorld } from "./_p2p_world.ts";

/** A node that dials those of its list. */
class DiallingWorld extends P2pWorld implements AsyncDisposable {
  readonly added = new AddedNodes([]);
  readonly hub = this.node(100);
  readonly #stop = new AbortController();
  readonly #dialling = assert.rejects(
    dialAddedNodes(this.added, this.hub.p2p, this.clock, this.#stop.signal),
    { name: "AbortError" },
  );

  /** Numbers of the nodes that are connected. */
  get connected(): number[] {
    return this.hub.p2p.peers.map(({ service }) => Number(/\.(\d+):/.exec(service)?.[1])).sort();
  }

  /** Starts nodes with the numbers from 1 to `count`, and puts them into the list. */
  addNodes(count: number): BareNode[] {
    const nodes = Array.from({ length: count }, (_, index) => this.node(index + 1));
    for (const { name } of nodes) this.added.add(name);
    return nodes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#dialling;
    this[Symbol.dispose]();
  }
}

Deno.test("dialAddedNodes() sees a new entry within 2 s and dials one node each half second", async () => {
  await using world = new DiallingWorld();
  await world.clock.advance(100);
  world.addNodes(3);
  await world.clock.advance(1_899);
  assert.deepEqual(world.connected, []);
  await world.clock.advance(1);
  assert.deepEqual(world.connected, [1]);
  await world.clock.advance(500);
  assert.deepEqual(world.connected, [1, 2]);
  await world.clock.advance(500);
  assert.deepEqual(world.connected, [1, 2, 3]);
});

Deno.test("dialAddedNodes() stops at 8 without a word, and goes on when one of them is gone", async () => {
  await using world = new DiallingWorld();
  world.addNodes(10);
  await world.clock.advance(600_000);
  assert.deepEqual(world.connected, [1, 2, 3, 4, 5, 6, 7, 8]);
  const third = world.hub.p2p.linkTo("10.0.0.3");
  assert.ok(third);
  world.added.remove("10.0.0.3:18444");
  assert.ok(world.hub.p2p.linkTo("10.0.0.3"), "Leaving the list disconnects nobody");
  world.hub.p2p.disconnect(third);
  await world.clock.advance(1_000);
  assert.deepEqual(world.connected, [1, 2, 4, 5, 6, 7, 8, 9]);
});

Deno.test("dialAddedNodes() does not count what was dialled once", async () => {
  await using world = new DiallingWorld();
  world.addNodes(9);
  world.hub.p2p.dial(world.node(50).name);
  await world.clock.advance(600_000);
  assert.deepEqual(world.connected.length, 9);
});

Deno.test("dialAddedNodes() tries a node again 60 s after a round in which it dialled", async () => {
  await using world = new DiallingWorld();
  world.added.add("10.0.0.1:18444");
  await world.clock.advance(500); // Dialled in vain.
  world.node(1);
  await world.clock.advance(59_999);
  assert.deepEqual(world.connected, []);
  await world.clock.advance(1);
  assert.deepEqual(world.connected, [1]);
});

Deno.test("dialAddedNodes() restores a connection within 2 s when all was well before", async () => {
  await using world = new DiallingWorld();
  const [first] = world.addNodes(1);
  await world.clock.advance(120_000);
  const [inbound] = first?.p2p.peers ?? [];
  assert.ok(first && inbound);
  first.p2p.disconnect(inbound);
  assert.deepEqual(world.connected, []);
  await world.clock.advance(2_000);
  assert.deepEqual(world.connected, [1]);
});
