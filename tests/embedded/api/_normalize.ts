/** Makes the answers of two servers comparable: identities, revisions, times and addresses of each run become the same words. */

import type { Difference } from "./_compare.ts";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The day of both runs; times of other days were sent by the client. */
const DAY = "2026-11-23";

/** What the two runs have in common, learnt from pairs of answers. */
export class Normalizer {
  readonly #uids = new Map<string, string>();
  readonly #revisions = new Map<number, number>();
  readonly #tokens = new Map<string, string>();

  /**
   * Learns which identities, revisions and tokens stand for each other in an expected and an actual answer.
   *
   * @returns the revisions that do not follow each other as they should
   */
  learn(expected: unknown, actual: unknown): readonly Difference[] {
    const wrong: Difference[] = [];
    walkPairs(expected, actual, (name, a, b) => {
      if (name === "uid" && isUuid(a) && isUuid(b)) this.#uids.set(b, a);
      if (name === "resourceVersion" && isNumber(a) && isNumber(b)) {
        wrong.push(...this.#learnRevision(Number(a), Number(b)));
      }
      if (name === "continue" && a !== "" && b !== "") this.#tokens.set(a, b);
    });
    return wrong;
  }

  /** A request as it is to be sent now: the tokens, revisions and identities of the first run become those of this one. */
  request(text: string): string {
    let result = text;
    for (const [theirs, ours] of this.#tokens) result = result.replaceAll(theirs, ours);
    for (const [ours, theirs] of this.#uids) result = result.replaceAll(theirs, ours);
    return result.replace(/resourceVersion=(\d+)/, (whole, revision) => {
      const ours = this.#revisions.get(Number(revision));
      return ours === undefined ? whole : `resourceVersion=${ours}`;
    });
  }

  /** An answer without what is new in each run. */
  normalize(answer: unknown): unknown {
    let text = JSON.stringify(answer);
    for (const [ours, theirs] of this.#uids) text = text.replaceAll(ours, theirs);
    return JSON.parse(text, (name, value) => normalizeValue(name, value));
  }

  /** A later revision of one run must stand for a later or the same revision of the other. */
  #learnRevision(theirs: number, ours: number): readonly Difference[] {
    const before = [...this.#revisions].find(([a, b]) =>
      a < theirs ? b > ours : a > theirs ? b < ours : b !== ours
    );
    this.#revisions.set(theirs, ours);
    if (!before) return [];
    return [{
      path: "resourceVersion",
      expected: `${theirs}, as there was ${before[0]}`,
      actual: `${ours}, as there was ${before[1]}`,
    }];
  }
}

function normalizeValue(name: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (name === "resourceVersion") return "<revision>";
  if (name === "serverAddress") return "<address>";
  if (name === "continue" && value.length > 3) return decodeToken(value);
  if (name === "serverRelativeURL") return value.replace(/hash=\w+/, "hash=<hash>");
  if (name === "uid" && isUuid(value)) return value;
  if (value.startsWith(DAY)) return "<time>";
  if (name !== "message") return value;
  return value.replace(/current: \d+/, "current: <revision>").replace(/\(\d+\)$/, "(<revision>)");
}

function decodeToken(token: string): unknown {
  const { v, start } = JSON.parse(atob(token));
  return { v, start };
}

function walkPairs(
  expected: unknown,
  actual: unknown,
  visit: (name: string, expected: string, actual: string) => void,
  name = "",
): void {
  if (typeof expected === "string" && typeof actual === "string") {
    return visit(name, expected, actual);
  }
  if (typeof expected !== "object" || typeof actual !== "object" || !expected || !actual) return;
  const others = new Map(Object.entries(actual));
  for (const [member, value] of Object.entries(expected)) {
    walkPairs(value, others.get(member), visit, member);
  }
}

function isUuid(text: string): boolean {
  return text.length === 36 && text.match(UUID) !== null;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
