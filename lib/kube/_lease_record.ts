/** What a Lease says, and what follows from it: pure functions on its record. */

import type { Lease, LeaseSpec } from "kubernetes-types/coordination/v1.d.ts";

import { microTime } from "../time/mod.ts";
import type { Stored } from "./object.ts";

/** A Lease as it was seen last, and for how long it has been that way. */
export interface Sighting {
  /** The Lease. */
  readonly lease: Stored<Lease>;
  /** When we first saw the record as it is, in monotonic ms. */
  readonly changedAtMs: number;
}

/** Who holds a Lease, and for how long. */
export interface Claim {
  /** Who. */
  readonly identity: string;
  /** How long others must leave it alone after they saw it change: whole seconds, in ms. */
  readonly leaseDurationMs: number;
}

/**
 * Takes note of a Lease. The record's times were read from another machine's clock, so they are never compared with
 * ours: all they say is that the holder was alive since the last look if they are not what they were then.
 */
export function sighted(
  before: Sighting | undefined,
  lease: Stored<Lease>,
  nowMs: number,
): Sighting {
  const isSame = before && JSON.stringify(before.lease.spec) === JSON.stringify(lease.spec);
  return { lease, changedAtMs: isSame ? before.changedAtMs : nowMs };
}

/** From when on `claim` may take the Lease, in monotonic ms: at any time if it is nobody's or ours. */
export function freeAtMs({ lease: { spec }, changedAtMs }: Sighting, claim: Claim): number {
  const holder = spec?.holderIdentity;
  if (!holder || holder === claim.identity) return Number.NEGATIVE_INFINITY;
  const seconds = spec.leaseDurationSeconds;
  return changedAtMs + (seconds === undefined ? claim.leaseDurationMs : seconds * 1000);
}

/** The record of a Lease that was as `before`, or did not exist, and is taken or renewed at wall-clock time `nowMs`. */
export function claimed(before: LeaseSpec | undefined, claim: Claim, nowMs: number): LeaseSpec {
  const time = microTime(nowMs);
  const isRenewal = before?.holderIdentity === claim.identity;
  return {
    ...before,
    holderIdentity: claim.identity,
    leaseDurationSeconds: claim.leaseDurationMs / 1000,
    acquireTime: isRenewal ? before.acquireTime ?? time : time,
    renewTime: time,
    leaseTransitions: before ? (before.leaseTransitions ?? 0) + (isRenewal ? 0 : 1) : 0,
  };
}

/**
 * The record of a Lease that its holder gives up. It still needs a duration: one second is the shortest (client-go,
 * `tools/leaderelection/leaderelection.go`).
 */
export function released(before: LeaseSpec | undefined, nowMs: number): LeaseSpec {
  const time = microTime(nowMs);
  return {
    ...before,
    holderIdentity: "",
    leaseDurationSeconds: 1,
    acquireTime: time,
    renewTime: time,
  };
}
