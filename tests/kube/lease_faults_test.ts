/** Leader election under random faults, in virtual time: never two leaders, and always one again in the end. */

import assert from "node:assert/strict";
import fc from "fast-check";

import { TransportError } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { LeaseServer, Replica } from "./_lease_server.ts";

/** What goes wrong for one replica for a while. */
type FaultKind =
  /** Nothing gets through, and it is told so. */
  | "cut"
  /** Nothing gets through, and nobody says so. */
  | "silent"
  /** What it sends arrives late, maybe long after it has given up. */
  | "lateRequests"
  /** What it is sent arrives late. */
  | "lateAnswers"
  /** Its writes are carried out, and the connection breaks before the answer. */
  | "lostAnswers"
  /** Its process stands still. */
  | "stopped"
  /** It is asked to stop. */
  | "terminated"
  /** It is killed. */
  | "killed";

const KINDS: readonly FaultKind[] = [
  "cut",
  "silent",
  "lateRequests",
  "lateAnswers",
  "lostAnswers",
  "stopped",
  "terminated",
  "killed",
];

interface Fault {
  readonly kind: FaultKind;
  /** Which replica, by its place. */
  readonly place: number;
  /** When it begins, and how long it lasts, in ms. */
  readonly fromMs: number;
  readonly forMs: number;
}

/** Hardly longer than the renew deadline, so that little covers up for a leader that ends too late. */
const leaseDurationMs = 11_000;

/** How often it is checked who leads, in ms; every write is another look. */
const STEP_MS = 250;

/** Faults begin within this time, in ms. */
const TROUBLE_MS = 90_000;

/** How long after the last fault there must be a leader, in ms: a silent one may last, then a lease, and a look. */
const CALM_MS = 60_000;

/** A place where a replica runs, which is started again when it ends, as a kubelet does. */
class Place {
  replica: Replica;
  #starts = 0;
  readonly #start: (name: string) => Replica;

  constructor(name: string, start: (name: string) => Replica) {
    this.#start = () => start(`${name}${this.#starts++}`);
    this.replica = this.#start(name);
  }

  startAgainIfEnded(): void {
    if (this.replica.hasEnded) this.replica = this.#start("");
  }

  begin(kind: FaultKind, clock: FakeClock, delayMs: number): void {
    const { replica } = this;
    const late = (): Promise<void> => clock.sleep(delayMs);
    switch (kind) {
      case "cut":
        replica.leg = () => Promise.reject(new TransportError("refused"));
        break;
      case "silent":
        replica.leg = () => new Promise(() => {});
        break;
      case "lateRequests":
        replica.leg = async (way) => way === "there" ? await late() : undefined;
        break;
      case "lateAnswers":
        replica.leg = async (way) => way === "back" ? await late() : undefined;
        break;
      case "lostAnswers":
        replica.leg = (way) =>
          way === "back" ? Promise.reject(new TransportError("reset")) : Promise.resolve();
        break;
      case "stopped":
        replica.clock.stop();
        break;
      case "terminated":
        void replica.stop();
        break;
      case "killed":
        replica.kill();
        this.replica = this.#start("");
        break;
    }
  }

  end(kind: FaultKind): void {
    if (kind === "stopped") this.replica.clock.go();
    else this.replica.leg = () => Promise.resolve();
  }
}

/** Plays faults on as many replicas as there are offsets, and looks at who leads all the time. */
async function play(
  offsets: readonly number[],
  faults: readonly Fault[],
  seed: number,
): Promise<void> {
  const clock = new FakeClock();
  const server = new LeaseServer();
  const random = dice(seed);
  const all: Replica[] = [];
  const places = offsets.map((wallOffsetMs, index) =>
    new Place("abc".charAt(index), (name) => {
      const replica = new Replica(server, clock, name, { wallOffsetMs, random, leaseDurationMs });
      all.push(replica);
      return replica;
    })
  );
  const leaders = (): string[] =>
    all.filter(({ elector }) => elector.isLeading).map(({ name }) => name);
  const violations: string[] = [];
  const look = (): void => {
    const now = leaders();
    if (now.length > 1) violations.push(`${now.join(" and ")} lead at ${clock.monotonic()} ms`);
  };
  server.onWrite = look;
  const end = TROUBLE_MS + Math.max(0, ...faults.map(({ forMs }) => forMs)) + CALM_MS;
  for (let now = 0; now < end; now += STEP_MS) {
    for (const { kind, place, fromMs, forMs } of faults) {
      const at = places[place % places.length];
      if (fromMs >= now && fromMs < now + STEP_MS) {
        at?.begin(kind, clock, 1_000 + random() * 14_000);
      }
      if (fromMs + forMs >= now && fromMs + forMs < now + STEP_MS) at?.end(kind);
    }
    for (const place of places) place.startAgainIfEnded();
    await clock.advance(STEP_MS);
    look();
  }
  assert.deepEqual(violations, []);
  assert.equal(leaders().length, 1, "there is a leader in the end");
}

/** Random numbers from a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const offset = fc.integer({ min: -400 * 86_400_000, max: 400 * 86_400_000 });
const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom(...KINDS),
  place: fc.nat({ max: 2 }),
  fromMs: fc.nat({ max: TROUBLE_MS }),
  forMs: fc.integer({ min: 100, max: 40_000 }),
});

for (const replicas of [2, 3]) {
  Deno.test(`of ${replicas} replicas at most one leads at any moment, whatever goes wrong, and one does in the end`, async () => {
    const offsets = fc.array(offset, { minLength: replicas, maxLength: replicas });
    const faults = fc.array(fault, { minLength: 1, maxLength: 12 });
    await fc.assert(fc.asyncProperty(offsets, faults, fc.integer(), play), {
      numRuns: 60,
      // To make a counterexample smaller may take for ever.
      interruptAfterTimeLimit: 120_000,
      markInterruptAsFailure: true,
    });
  });
}
