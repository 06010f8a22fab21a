import assert from "node:assert/strict";
import { numericService, parseNodeName } from "../../../lib/embedded/bitcoin/addresses.ts";

const NAMES: readonly [name: string, host: string, port: number, service: string | undefined][] = [
  ["10.0.0.7", "10.0.0.7", 18444, "10.0.0.7:18444"],
  ["10.0.0.7:1", "10.0.0.7", 1, "10.0.0.7:1"],
  ["[fd00::7]:1", "fd00::7", 1, "[fd00::7]:1"],
  ["fd00::7", "fd00::7", 18444, "[fd00::7]:18444"],
  ["net-0.net-svc:18444", "net-0.net-svc", 18444, undefined],
  ["1.2.3.example", "1.2.3.example", 18444, undefined],
];

for (const [name, host, port, service] of NAMES) {
  Deno.test(`parseNodeName() and numericService() take ${name} apart`, () => {
    const isAddress = service !== undefined;
    assert.deepEqual(parseNodeName(name), { host, port, isAddress });
    assert.equal(numericService(name), service);
  });
}
