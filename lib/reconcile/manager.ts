/** Starts the parts of a program in order and stops them in reverse. */

import { getLogger } from "@logtape/logtape";
import {
  abortable,
  aborted,
  type Clock,
  deadline,
  isAbort,
  linkedAbort,
  systemClock,
} from "../time/mod.ts";

const logger = getLogger(["bitcoin-controller", "reconcile"]);

/** A part of a program that runs until it is told to stop. */
export interface Runnable {
  /** Name of the part, in logs and errors. */
  readonly name: string;
  /** Runs until the signal is aborted, then cleans up and returns. Throwing before that is a failure. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once the parts that are started later may rely on this one. Absent: at once. */
  ready?(signal: AbortSignal): Promise<void>;
  /**
   * Whether nothing else may go on once this part has failed: the others are told to stop, and not waited for.
   *
   * @default {false}
   */
  readonly critical?: boolean;
}

/** Tunes a {@linkcode Manager}. */
export interface ManagerOptions {
  /**
   * How long all parts together may take to stop, in ms, before the manager gives up on them.
   *
   * @default {30_000} as controller-runtime, below a pod's usual termination grace
   */
  readonly graceMs?: number;
  /**
   * Time source.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock;
}

/**
 * Runs groups of parts: a group is started when all parts of the group before it are ready, and stopped when all
 * parts of the group after it have returned. A part that fails, or returns before it was told to, stops them all;
 * a critical one without waiting for the others.
 */
export class Manager {
  readonly #groups: readonly (readonly Runnable[])[];
  readonly #graceMs: number;
  readonly #clock: Clock;

  /** Keeps the groups, in the order in which they are to start. */
  constructor(groups: readonly (readonly Runnable[])[], options: ManagerOptions = {}) {
    this.#groups = groups;
    this.#graceMs = options.graceMs ?? 30_000;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Runs all groups until the signal is aborted or a part fails, then stops them. Runs once.
   *
   * @throws the error of the first part that failed, or an Error naming the parts that did not stop in time
   */
  async run(signal: AbortSignal): Promise<void> {
    const failure = new AbortController();
    const hurry = new AbortController();
    const fail = (part: Runnable, error: unknown): void => {
      // The first failure is thrown below; the others would be lost.
      if (failure.signal.aborted) logger.error("Part failed too", { part: part.name, error });
      failure.abort(error);
      if (part.critical) hurry.abort(error);
    };
    using linked = linkedAbort(signal, failure.signal);
    const ending = linked.signal;
    const started: RunningGroup[] = [];
    try {
      for (const group of this.#groups) {
        if (ending.aborted) break;
        started.push(start(group, fail));
        await abortable(Promise.all(group.map((part) => part.ready?.(ending))), ending);
      }
      await aborted(ending);
    } catch (error) {
      if (!isAbort(error, ending)) failure.abort(error);
    }
    const late = await this.#stop(started.reverse(), hurry.signal);
    failure.signal.throwIfAborted();
    if (late.length > 0) throw new Error(`Cannot stop ${quoted(late)} within ${this.#graceMs} ms`);
  }

  /** Stops one group after the other; returns the names of the parts that did not stop in time. */
  async #stop(
    groups: readonly RunningGroup[],
    hurry: AbortSignal,
  ): Promise<readonly string[]> {
    using grace = deadline(this.#graceMs, hurry, this.#clock);
    let late: readonly string[] = [];
    for (const { stop, ended, running } of groups) {
      stop.abort(new Error("The manager stops"));
      // Once the time is over, or there is none, the rest is told to stop as well, but not waited for.
      if (late.length > 0) continue;
      // It cannot fail, but be given up.
      await abortable(ended, grace.signal).catch(() => {});
      late = Array.from(running, ({ name }) => name);
    }
    if (late.length > 0 && !hurry.aborted) {
      logger.error("Parts did not stop in time", { parts: late, graceMs: this.#graceMs });
    }
    return late;
  }
}

interface RunningGroup {
  readonly stop: AbortController;
  /** Resolves when all parts have ended. */
  readonly ended: Promise<unknown>;
  /** The parts that have not. */
  readonly running: ReadonlySet<Runnable>;
}

/** Starts the parts of one group; `fail` hears of those that fail or return too early. */
function start(
  group: readonly Runnable[],
  fail: (part: Runnable, error: unknown) => void,
): RunningGroup {
  const stop = new AbortController();
  const running = new Set(group);
  const parts = group.map(async (part) => {
    logger.debug("Starting", { part: part.name });
    try {
      await part.run(stop.signal);
      if (!stop.signal.aborted) fail(part, new Error(`Part '${part.name}' ended by itself`));
    } catch (error) {
      if (!isAbort(error, stop.signal)) fail(part, error);
    }
    running.delete(part);
    logger.debug("Stopped", { part: part.name });
  });
  return { stop, ended: Promise.all(parts), running };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(", ");
}
