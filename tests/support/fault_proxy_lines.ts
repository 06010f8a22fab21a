/** Faults in the lines of a watch. All other requests that they hit are passed on as they are. */

import { systemClock } from "../../lib/time/mod.ts";
import { type Exchange, type Fault, headersOf, passOn } from "./fault_proxy.ts";

/** A line of a watch with its line break, as bytes. */
type Line = Uint8Array<ArrayBuffer>;

/** What comes to the client in place of a line; `cut` closes the connection after it, `end` ends the body. */
interface Treated {
  readonly send: readonly (Line | string)[];
  readonly then?: "cut" | "end";
}

/** Size of the smallest pieces, in bytes: a prime, so that over the lines they end everywhere. */
const CRUMB = 13;
/** How long a line waits for another one that it can be swapped with, in ms. */
const MOMENT_MS = 100;
const DECODER = new TextDecoder();
const NEWLINE = 10;

/** Breaks the connection in the middle of a line, after `whole` lines that come through. */
export function cutInsideLine(whole = 0): Fault {
  return onLines(`cut inside line ${whole + 1}`, () => {
    let before = whole;
    return (line) => {
      if (before-- > 0) return { send: [line] };
      return { send: [line.slice(0, Math.floor(line.length / 2))], then: "cut" };
    };
  });
}

/** Breaks the connection between the bytes of the first character that has several. */
export function cutInsideCharacter(): Fault {
  return onLines("cut inside a character", () => (line) => {
    const first = line.findIndex((byte) => byte >= 0x80);
    return first < 0 ? { send: [line] } : { send: [line.slice(0, first + 1)], then: "cut" };
  });
}

/** Sends each line in pieces of a few bytes, which part most characters that have several. */
export function crumbs(): Fault {
  return onLines("crumbs", () => (line) => ({
    send: Array.from(
      { length: Math.ceil(line.length / CRUMB) },
      (_, number) => line.slice(number * CRUMB, (number + 1) * CRUMB),
    ),
  }));
}

/** Lets a watch go silent after `whole` lines: the connection stays open. */
export function silentAfter(whole: number): Fault {
  return onLines(`silent after ${whole} lines`, () => {
    let before = whole;
    return (line) => ({ send: before-- > 0 ? [line] : [] });
  });
}

/** Sends each line twice. */
export function duplicateLines(): Fault {
  return onLines("duplicate lines", () => (line) => ({ send: [line, line] }));
}

/** Sends the line before again after each line: an older version after a newer one. */
export function olderAfterNewer(): Fault {
  return onLines("older after newer", () => {
    let before: Line | undefined;
    return (line) => {
      const send = before ? [line, before] : [line];
      before = line;
      return { send };
    };
  });
}

/** Sends each two lines that follow one another closely in the wrong order. */
export function swappedLines(): Fault {
  const answer = async ({ forward, answer }: Exchange): Promise<void> => {
    const response = await forward();
    if (!response.ok) return await passOn(response, answer);
    await answer.head(response.status, headersOf(response));
    const lines = linesOf(response);
    const ask = (): ReturnType<typeof lines.next> => {
      const line = lines.next();
      // Nobody waits for it any more when the client is gone before it comes.
      line.catch(() => {});
      return line;
    };
    let next = ask();
    for (let first = await next; !first.done; first = await next) {
      next = ask();
      const second = await withinMoment(next);
      if (second && !second.done) {
        await answer.chunk(second.value);
        next = ask();
      }
      await answer.chunk(first.value);
    }
    await answer.end();
  };
  return { name: "swapped lines", answer };
}

/** Adds megabytes of white space within the JSON of each line. */
export function hugeLines(megabytes: number): Fault {
  const padding = " ".repeat(1024 * 1024);
  return onLines("huge lines", () => (line) => ({
    send: [
      line.slice(0, line.indexOf(NEWLINE)),
      ...Array.from({ length: megabytes }, () => padding),
      "\n",
    ],
  }));
}

/** Adds an object of another kind after each line. */
export function wrongKind(): Fault {
  const secret = { apiVersion: "v1", kind: "Secret" };
  return onLines("wrong kind", () => (line) => {
    const { type, object } = parsed(line);
    const other = { type, object: { ...secret, metadata: object.metadata } };
    return { send: [line, `${JSON.stringify(other)}\n`] };
  });
}

/** Adds lines of the right kind that no server should send: without a name, a UID, a version, or an object. */
export function malformedObjects(): Fault {
  return onLines("malformed objects", () => (line) => {
    const { type, object } = parsed(line);
    const { name: _name, ...nameless } = object.metadata;
    const { uid: _uid, ...withoutUid } = object.metadata;
    const metadata = [nameless, withoutUid, { name: "x" }, "x", null];
    const objects = [...metadata.map((one) => ({ ...object, metadata: one })), null, 1, []];
    const lines = [...objects.map((one) => ({ type, object: one })), null, 1, "x", [], {}];
    return { send: [line, ...lines.map((one) => `${JSON.stringify(one)}\n`)] };
  });
}

/** Adds bookmarks that say nothing new after each line, and blank lines. */
export function uselessBookmarks(): Fault {
  return onLines("useless bookmarks", () => (line) => {
    const { object: { apiVersion, kind, metadata: { resourceVersion } } } = parsed(line);
    const object = { apiVersion, kind, metadata: { resourceVersion, creationTimestamp: null } };
    const bookmark = `${JSON.stringify({ type: "BOOKMARK", object })}\n`;
    return { send: [line, bookmark, "\n", bookmark, "\r\n"] };
  });
}

/** Ends the watch in good order after each line. */
export function endAfterEachLine(): Fault {
  return onLines("end after a line", () => (line) => ({ send: [line], then: "end" }));
}

/** Sends an ERROR event after `whole` lines, and ends. */
export function errorEvent(
  code: number,
  reason: string,
  { whole = 0, message = "broken on purpose", details }: {
    readonly whole?: number;
    readonly message?: string;
    readonly details?: object;
  } = {},
): Fault {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message, code, reason };
  const error = `${JSON.stringify({ type: "ERROR", object: { ...status, details } })}\n`;
  return onLines(`ERROR event ${code}`, () => {
    let before = whole;
    return (line) => before-- > 0 ? { send: [line] } : { send: [error], then: "end" };
  });
}

/** The version is too old, told within the watch. */
export function expiredEvent(): Fault {
  return errorEvent(410, "Expired", { message: "too old resource version: 1 (2)" });
}

/** Makes a fault of what is done to each line; `start` is called for each watch. */
function onLines(name: string, start: () => (line: Line) => Treated): Fault {
  const answer = async ({ forward, answer, request }: Exchange): Promise<void> => {
    const response = await forward();
    if (!response.ok || !/[?&]watch=/.test(request.target)) return await passOn(response, answer);
    await answer.head(response.status, headersOf(response));
    const treat = start();
    for await (const line of linesOf(response)) {
      const { send, then } = treat(line);
      for (const piece of send) await answer.chunk(piece);
      if (then === "cut") return answer.cut();
      if (then === "end") return await answer.end();
    }
    await answer.end();
  };
  return { name, answer };
}

async function* linesOf(response: Response): AsyncGenerator<Line, void, undefined> {
  let rest: number[] = [];
  for await (const chunk of response.body ?? []) {
    for (const byte of chunk) {
      rest.push(byte);
      if (byte !== NEWLINE) continue;
      yield new Uint8Array(rest);
      rest = [];
    }
  }
}

/** What a promise resolves to, if it does so at once. */
async function withinMoment<T>(promise: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const moment = systemClock.sleep(MOMENT_MS, stop.signal).then(() => undefined, () => undefined);
  try {
    return await Promise.race([promise, moment]);
  } finally {
    stop.abort();
    await moment;
  }
}

interface ParsedLine {
  readonly type: string;
  readonly object: {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
}

function parsed(line: Line): ParsedLine {
  return JSON.parse(DECODER.decode(line));
}
