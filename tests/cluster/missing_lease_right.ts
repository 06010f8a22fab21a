/** What candidates for the Lease do while the controller's account lacks a right on it. */

import assert from "node:assert/strict";
import { KubeClient, LeaderElector, LEASES } from "../../lib/kube/mod.ts";
import { LEASE_NAME } from "../../lib/network/mod.ts";
import { eventually } from "../support/eventually.ts";
import type { LogLine } from "../support/logs.ts";
import { controllerAccount } from "./install.ts";
import { type MissingRight, RECOVERY_MS, type World } from "./missing_right.ts";

/** A replica that competes for the Lease, with the rights of the controller's account. */
class Candidate implements AsyncDisposable {
  readonly #elector: LeaderElector;
  readonly #client: KubeClient;
  readonly #running: Promise<void>;
  readonly #stop = new AbortController();

  constructor({ target, refusals: { observer } }: World) {
    this.#client = new KubeClient(target.controller, { userAgent: "candidate", observer });
    const leases = this.#client.resource(LEASES, controllerAccount.namespace);
    this.#elector = new LeaderElector({ leases, name: LEASE_NAME, identity: crypto.randomUUID() });
    this.#running = this.#elector.run(this.#stop.signal);
  }

  get isLeading(): boolean {
    return this.#elector.isLeading;
  }

  /** Waits until it leads. */
  async elected(): Promise<void> {
    await this.#elector.elected(AbortSignal.timeout(RECOVERY_MS));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The test is over"));
    await this.#running;
    this.#client.close();
  }
}

/** Nobody leads, it is told why, and somebody does once the right is there again. */
export async function cannotLead(missing: MissingRight): Promise<void> {
  const { world, grant } = missing;
  const leases = world.target.client.resource(LEASES, controllerAccount.namespace);
  const { items: [lease] } = await leases.list();
  // One that there is must be free, and only one that there is not is created.
  assert.equal(lease?.spec?.holderIdentity ?? "", "");
  if (lease && grant.verb === "create") await leases.delete(LEASE_NAME);
  await using candidate = new Candidate(world);
  await missing.untilLogged();
  assert.equal(candidate.isLeading, false);
  await missing.restore();
  await candidate.elected();
}

/** Without a watch the next one leads as well, and nobody needs to be told. */
export async function looksAgain({ world, grant }: MissingRight): Promise<void> {
  const { logs, refusals } = world;
  const from = logs.lines.length;
  const before = await refusals.of(grant);
  await using leader = new Candidate(world);
  await leader.elected();
  await using next = new Candidate(world);
  await eventually(async () => await refusals.of(grant) > before, {
    what: "a watch of the Lease to be refused",
    timeoutMs: RECOVERY_MS,
  });
  assert.equal(next.isLeading, false);
  await leader[Symbol.asyncDispose]();
  await next.elected();
  const isTold = ({ level, text }: LogLine): boolean => level === "warning" && /lease/.test(text);
  assert.deepEqual(logs.lines.slice(from).filter(isTold), []);
}
