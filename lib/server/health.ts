/** Health as Kubernetes components tell it: named checks, and their sum. */

import { getLogger } from "@logtape/logtape";

const log = getLogger(["bitcoin-controller", "server"]);

/** One thing that must hold. */
export interface Check {
  /** Its name, in paths and in the answer: lower case. */
  readonly name: string;
  /** What is wrong; undefined while nothing is. It looks at what is known already: it asks nobody and does not wait. */
  readonly problem: () => string | undefined;
}

/** What to answer. */
export interface HealthAnswer {
  /** HTTP status. */
  readonly status: 200 | 404 | 500;
  /** Plain text. */
  readonly body: string;
}

/** Holds as long as anything is answered at all: the event loop turns. */
export const PING: Check = { name: "ping", problem: () => undefined };

/**
 * A group of checks, such as all that make up readiness.
 *
 * The answers are those of kube-apiserver's `/readyz`: whoever asks learns which check failed. Why is for the log alone,
 * which tells it once, not with each probe.
 */
export class Health {
  readonly #name: string;
  readonly #checks: readonly Check[];
  /** What was wrong when it was looked at last, by check. */
  readonly #problems = new Map<string, string>();

  /** `name` is that of the endpoint, such as `readyz`. */
  constructor(name: string, checks: readonly Check[]) {
    this.#name = name;
    this.#checks = checks;
  }

  /** All checks but those that are excluded; names of no check among these are told, and change nothing. */
  answer(query: URLSearchParams): HealthAnswer {
    const excluded = new Set(query.getAll("exclude"));
    const lines: string[] = [];
    let isWell = true;
    for (const check of this.#checks) {
      if (excluded.delete(check.name)) {
        lines.push(`[+]${check.name} excluded: ok`);
      } else if (this.#holds(check)) {
        lines.push(`[+]${check.name} ok`);
      } else {
        lines.push(`[-]${check.name} failed: reason withheld`);
        isWell = false;
      }
    }
    if (isWell && !query.has("verbose")) return { status: 200, body: "ok" };
    if (excluded.size > 0) {
      const names = Array.from(excluded, (name) => JSON.stringify(name)).join(", ");
      lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
    }
    lines.push(`${this.#name} check ${isWell ? "passed" : "failed"}\n`);
    return { status: isWell ? 200 : 500, body: lines.join("\n") };
  }

  /** One check. */
  answerOne(name: string): HealthAnswer {
    const check = this.#checks.find((one) => one.name === name);
    if (!check) return { status: 404, body: "404 page not found\n" };
    if (this.#holds(check)) return { status: 200, body: "ok" };
    return { status: 500, body: "internal server error: reason withheld\n" };
  }

  #holds({ name, problem }: Check): boolean {
    const found = problem();
    const known = this.#problems.get(name);
    const about = { endpoint: this.#name, check: name };
    if (found === undefined) {
      this.#problems.delete(name);
      if (known !== undefined) log.info("A health check passes again", about);
      return true;
    }
    this.#problems.set(name, found);
    const isNews = found !== known;
    log[isNews ? "warn" : "debug"]("A health check fails", { ...about, problem: found });
    return false;
  }
}
