import assert from "node:assert/strict";

import { AddressAllocator, NoFreeAddressError } from "../../../lib/embedded/kubelet/addresses.ts";

const free = (): boolean => true;

Deno.test("AddressAllocator.allocate() hands out the addresses of its range in order", () => {
  const addresses = new AddressAllocator({ prefix: "127.9", isFree: free });
  const first = Array.from({ length: 257 }, () => addresses.allocate([]));
  assert.deepEqual([first[0], first[254], first[255], first[256]], [
    "127.9.0.1",
    "127.9.0.255",
    "127.9.1.0",
    "127.9.1.1",
  ]);
});

Deno.test("AddressAllocator.allocate() gives an address a second time only after all others", () => {
  const addresses = new AddressAllocator({ prefix: "127.9", size: 3, isFree: free });
  const first = addresses.allocate([]);
  addresses.release(first);
  assert.deepEqual([addresses.allocate([]), addresses.allocate([])], ["127.9.0.2", "127.9.0.3"]);
  assert.equal(addresses.allocate([]), first);
});

Deno.test("AddressAllocator.allocate() says so when all addresses are in use", () => {
  const addresses = new AddressAllocator({ prefix: "127.9", size: 2, isFree: free });
  addresses.allocate([]);
  addresses.allocate([]);
  assert.throws(() => addresses.allocate([]), (error) => {
    assert.ok(error instanceof NoFreeAddressError);
    assert.match(
      error.message,
      /^no free address: all 2 addresses of 127\.9\.0\.0\/16 are in use$/,
    );
    return true;
  });
});

Deno.test("AddressAllocator.allocate() names the ports when no address has them free", () => {
  const addresses = new AddressAllocator({ prefix: "127.9", isFree: () => false });
  assert.throws(() => addresses.allocate([18443, 18444]), {
    message:
      "no free address: port 18443 or 18444 cannot be bound on any of 32 addresses of 127.9.0.0/16",
  });
});

Deno.test("AddressAllocator.allocate() passes over an address on which a port is bound", () => {
  const prefix = new AddressAllocator().prefix;
  using listener = Deno.listen({ hostname: `${prefix}.0.1`, port: 0 });
  const { port } = listener.addr;
  const addresses = new AddressAllocator({ prefix });
  assert.equal(addresses.allocate([port]), `${prefix}.0.2`);
});

Deno.test("AddressAllocator has a range between 127.10 and 127.250 when none is given", () => {
  assert.equal(new AddressAllocator({ random: () => 0 }).prefix, "127.10");
  assert.equal(new AddressAllocator({ random: () => 0.9999 }).prefix, "127.250");
});
