/** A test's world while the controller lacks a right, and how it must be told of. */

import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import type { CapturedLogs, LogLine } from "../support/logs.ts";
import { type Grant, nameOf, type Refusals, withdraw } from "./grants.ts";
import { Lab } from "./lab.ts";
import type { RealCluster } from "./real_cluster.ts";

/** Time for the controller to notice that it has a right again, in ms: it polls each second here. */
export const RECOVERY_MS = 15_000;

/** A cluster, and what is heard of the controllers in it. */
export interface World {
  /** The cluster. */
  readonly target: RealCluster;
  /** What they log. */
  readonly logs: CapturedLogs;
  /** What they count. */
  readonly refusals: Refusals;
}

/** One network in a namespace of its own, while the controller lacks a right. */
export class MissingRight implements AsyncDisposable {
  /** Its namespace. */
  readonly lab: Lab;
  /** What the controller lacks. */
  readonly grant: Grant;
  /** What there is around it. */
  readonly world: World;
  readonly #withdrawn: AsyncDisposable;
  readonly #logged: number;
  readonly #refused: number;
  #isRestored = false;

  private constructor(
    lab: Lab,
    grant: Grant,
    world: World,
    withdrawn: AsyncDisposable,
    refused: number,
  ) {
    this.lab = lab;
    this.grant = grant;
    this.world = world;
    this.#withdrawn = withdrawn;
    this.#logged = world.logs.lines.length;
    this.#refused = refused;
  }

  /** Takes the right away, in a new namespace. */
  static async start(world: World, grant: Grant): Promise<MissingRight> {
    const lab = new Lab(world.target, nameOf(grant).replace(/\W+/g, "-"));
    await lab.setUp();
    const refused = await world.refusals.of(grant);
    return new MissingRight(lab, grant, world, await withdraw(world.target.client, grant), refused);
  }

  /** Gives the right back. */
  async restore(): Promise<void> {
    this.#isRestored = true;
    await this.#withdrawn[Symbol.asyncDispose]();
  }

  /** Waits for a warning in the log that names the right and says what to do; by then a metric counts it too. */
  async untilLogged(): Promise<void> {
    await untilWarned(this.grant, this.world.logs, this.#logged);
    assert.ok(await this.world.refusals.of(this.grant) > this.#refused, "no metric tells of it");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isRestored) await this.restore();
    await this.lab.networks.delete("net").catch(() => {});
  }
}

/** Waits for a warning about a grant in the log, from one of its lines on. */
export async function untilWarned(grant: Grant, logs: CapturedLogs, from: number): Promise<void> {
  const isWarning = (line: LogLine): boolean =>
    line.level === "warning" && isAbout(grant, whole(line));
  await eventually(() => logs.lines.slice(from).some(isWarning), {
    what: `a warning about '${nameOf(grant)}'`,
    timeoutMs: RECOVERY_MS,
  });
}

/** A line with the errors in it. */
function whole({ text, properties }: LogLine): string {
  return [text, ...Object.values(properties).map(String)].join(" ");
}

/** Whether a text says which right is missing, and what to do about it. */
export function isAbout({ verb, resource }: Grant, text: string): boolean {
  const says = resource.endsWith("/finalizers")
    ? text.includes(`'${verb}' on '${resource}'`)
    : text.includes(`cannot ${verb} resource "${resource}"`);
  return says && /\bgrant\b.*\baccount\b/.test(text);
}
