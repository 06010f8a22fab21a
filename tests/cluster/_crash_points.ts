/** Where a controller is killed: around one of its writes, or at any time. */

import type { Gate, GateCall } from "../support/gate.ts";
import type { Random } from "../chaos/random.ts";

/** What the controller writes while networks come, change and go. */
export const WRITES = [
  "PATCH services",
  "POST secrets",
  "PATCH secrets",
  "PATCH statefulsets",
  "PATCH statefulsets/scale",
  "PATCH bitcoinnetworks/status",
  "POST events",
  "addnode add",
  "addnode onetry",
  "addnode remove",
  "disconnectnode",
] as const;

/** One of these. */
export type Write = typeof WRITES[number];

/** Before the write gets there, when it is done and nobody has heard of it, or shortly after the answer. */
export const MOMENTS = ["before", "unanswered", "after"] as const;

/** When to kill. */
export type CrashPoint =
  | {
    /** Around a write of this kind. */
    readonly write: Write;
    /** When exactly. */
    readonly moment: typeof MOMENTS[number];
  }
  | {
    /** So long after the start, in ms. */
    readonly afterMs: number;
  };

/** Times of one round that are no writes, besides each write at each moment. */
const TIMES_A_ROUND = 8;
/** Latest of these times after the start, in ms: the first second or so is the program's start. */
const LATEST_MS = 2_500;
/** How long the kill waits after an answer, in ms. */
const AFTER_MS = 30;

/** How a point is called in a report. */
export function nameOf(point: CrashPoint): string {
  return "write" in point ? `${point.moment} ${point.write}` : "at any time";
}

/** Every write at every moment, and some times, shuffled. */
export function roundOf(random: Random): CrashPoint[] {
  const points: CrashPoint[] = WRITES.flatMap((write) =>
    MOMENTS.map((moment) => ({ write, moment }))
  );
  for (let index = 0; index < TIMES_A_ROUND; index++) {
    points.push({ afterMs: random.next() * LATEST_MS });
  }
  const shuffled: CrashPoint[] = [];
  while (points.length > 0) {
    const next = random.pick(points);
    points.splice(points.indexOf(next), 1);
    shuffled.push(next);
  }
  return shuffled;
}

/** One call of bitcoind's RPC. */
interface RpcRequest {
  readonly method?: string;
  readonly params?: readonly unknown[];
}

/** What a call writes; nothing if it only reads. All that is to be done at a node is one batch. */
export function writesOf({ method, url, isApi, body }: GateCall): readonly string[] {
  if (!isApi) {
    const requests: RpcRequest | readonly RpcRequest[] = JSON.parse(body);
    return [requests].flat().map(({ method = "", params = [] }: RpcRequest) =>
      method === "addnode" ? `addnode ${params[1]}` : method
    );
  }
  if (method === "GET") return [];
  const [, resource = url.pathname, subresource] =
    /\/namespaces\/[^/]+\/([^/]+)(?:\/[^/]+(?:\/(\w+))?)?$/.exec(url.pathname) ?? [];
  return [`${method} ${resource}${subresource ? `/${subresource}` : ""}`];
}

/**
 * Kills when the point is reached: with the `skip`th write of its kind, from 0. Resolves with whether it was, or false
 * after `timeoutMs`, when `kill` is called as well.
 */
export async function killAt(
  gate: Gate,
  point: CrashPoint,
  { skip, random, kill, timeoutMs }: {
    readonly skip: number;
    readonly random: Random;
    readonly kill: () => void;
    readonly timeoutMs: number;
  },
): Promise<boolean> {
  const reached = Promise.withResolvers<boolean>();
  const strike = (isReached: boolean): void => {
    kill();
    reached.resolve(isReached);
  };
  const timers: ReturnType<typeof setTimeout>[] = [];
  if ("write" in point) {
    timers.push(setTimeout(() => strike(false), timeoutMs));
    let left = skip;
    gate.intercept = async (call, forward) => {
      if (!writesOf(call).includes(point.write) || left-- !== 0) return await forward();
      if (point.moment === "before") strike(true);
      const answer = point.moment === "before" ? new Response() : await forward();
      if (point.moment === "unanswered") {
        // The write is done when its answer is complete.
        await answer.arrayBuffer();
        strike(true);
        return new Response();
      }
      if (point.moment === "after") timers.push(setTimeout(strike, random.next() * AFTER_MS, true));
      return answer;
    };
  } else {
    timers.push(setTimeout(() => strike(true), point.afterMs));
  }
  try {
    return await reached.promise;
  } finally {
    timers.forEach(clearTimeout);
    gate.intercept = (_call, forward) => forward();
  }
}
