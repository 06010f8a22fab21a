/** Replicas of a leader election, on one server, in virtual time. */

import assert from "node:assert/strict";
import { TransportError } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { LeaseServer, Replica, type ReplicaOptions } from "./_lease_server.ts";

/** A server, and replicas on it. */
export class Election {
  readonly clock = new FakeClock();
  readonly server = new LeaseServer();

  /** Starts a replica. */
  start(name: string, options?: ReplicaOptions): Replica {
    return new Replica(this.server, this.clock, name, options);
  }

  /** Starts the replica that is to be the leader. */
  async startLeader(options?: ReplicaOptions): Promise<Replica> {
    const replica = this.start("a", options);
    await this.clock.advance(0);
    assert.equal(replica.elector.isLeading, true);
    return replica;
  }

  get holder(): string | undefined {
    return this.server.lease?.spec?.holderIdentity;
  }

  /** Advances until `replica` leads, and returns how long that took, in ms. */
  async msUntilLeading(replica: Replica): Promise<number> {
    const start = this.clock.monotonic();
    while (!replica.elector.isLeading) {
      assert.ok(this.clock.monotonic() - start < 60_000, "nobody leads for a minute");
      await this.clock.advance(10);
    }
    return this.clock.monotonic() - start;
  }
}

/** A network that carries nothing, and says so at once. */
export const cut = (): Promise<never> => Promise.reject(new TransportError("connection refused"));
/** A network that swallows what is sent. */
export const hang = (): Promise<never> => new Promise(() => {});
/** A network that carries all. */
export const whole = (): Promise<void> => Promise.resolve();
