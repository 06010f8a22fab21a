/** Faults in whole answers, of any request. Those in the lines of a watch are in `fault_proxy_lines.ts`. */

import { aborted, systemClock } from "../../lib/time/mod.ts";
import { type Exchange, type Fault, headersOf, passOn } from "./fault_proxy.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** Closes the connection before anything is answered; the API server has not been asked. */
export function cutBeforeAnswer(): Fault {
  return fault("cut before the answer", ({ answer }) => answer.cut());
}

/** Closes the connection before anything is answered, although the API server has done what was asked. */
export function loseAnswer(): Fault {
  return fault("lost answer", async ({ forward, answer }) => {
    const response = await forward();
    await response.body?.cancel();
    answer.cut();
  });
}

/** Closes the connection in the middle of a header. */
export function cutInsideHeaders(): Fault {
  return fault("cut inside the headers", async ({ answer }) => {
    await answer.text("HTTP/1.1 200 OK\r\ncontent-ty");
    answer.cut();
  });
}

/** Closes the connection in the middle of the body; meant for what is no watch. */
export function cutInsideBody(): Fault {
  return fault("cut inside the body", async ({ forward, answer }) => {
    const response = await forward();
    const text = await response.text();
    await answer.head(response.status, headersOf(response));
    await answer.chunk(text.slice(0, text.length / 2));
    answer.cut();
  });
}

/** Passes the request on after `ms`. */
export function delay(ms: number): Fault {
  return fault(`delay of ${ms} ms`, async ({ forward, answer }) => {
    await systemClock.sleep(ms, answer.hungUp);
    await passOn(await forward(), answer);
  });
}

/** Says nothing at all; the connection stays open. */
export function silence(): Fault {
  return fault("silence", ({ answer }) => untilHungUp(answer.hungUp));
}

/** Sends the head of a good answer, and nothing after it; the connection stays open. */
export function silenceAfterHeaders(): Fault {
  return fault("silence after the headers", async ({ answer }) => {
    await answer.head(200, JSON_TYPE);
    await untilHungUp(answer.hungUp);
  });
}

/** Answers an error as the API server words it. */
export function refusal(
  code: number,
  reason: string,
  { message = "broken on purpose", headers = {}, details, name = `${code} ${reason}` }: {
    readonly name?: string;
    readonly message?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly details?: object;
  } = {},
): Fault {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message, code, reason };
  return text(name, code, JSON.stringify({ ...status, details }), {
    ...JSON_TYPE,
    ...headers,
  });
}

/** The version or the continue token is too old, told by the status of the answer. */
export function expired(): Fault {
  return refusal(410, "Expired", { message: "too old resource version: 1 (2)" });
}

/** The version is one that the server has not reached. */
export function tooLargeResourceVersion(): Fault {
  const message = "Timeout: Too large resource version: 9, current: 1";
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return refusal(504, "Timeout", { message, details: { causes, retryAfterSeconds: 1 } });
}

/** The server is busy; with `retryAfterS` it says for how long, in seconds. */
export function tooManyRequests(retryAfterS?: number): Fault {
  if (retryAfterS === undefined) return refusal(429, "TooManyRequests");
  const headers = { "retry-after": String(retryAfterS) };
  return refusal(429, "TooManyRequests", { headers, name: `429 with Retry-After ${retryAfterS}` });
}

/** The server is busy, and says so in plain text, as a filter before all handlers does. */
export function tooManyRequestsAsText(): Fault {
  const words = "Too many requests, please try again later.\n";
  return text("429 as text", 429, words, { "content-type": "text/plain", "retry-after": "1" });
}

/** A page of HTML where JSON belongs; with status 200 it looks like success. */
export function htmlPage(status = 200): Fault {
  const page = "<!DOCTYPE html>\n<html>\n<body>Please log in</body>\n</html>\n";
  return text(`HTML page with ${status}`, status, page, { "content-type": "text/html" });
}

/** Sends the client elsewhere. */
export function redirect(to = "http://127.0.0.1:1/login"): Fault {
  return text("redirect", 302, "Found\n", { location: to, "content-type": "text/plain" });
}

/** The true answer, as another type of content. */
export function wrongContentType(type = "text/plain"): Fault {
  return fault(`content type ${type}`, async ({ forward, answer }) => {
    const response = await forward();
    const headers = new Headers(response.headers);
    headers.set("content-type", type);
    await passOn(new Response(response.body, { status: response.status, headers }), answer);
  });
}

/** Half of the true answer with status 200, as if it was whole; meant for what is no watch. */
export function truncatedJson(): Fault {
  return fault("truncated JSON", async ({ forward, answer }) => {
    const whole = await (await forward()).text();
    await answer.head(200, JSON_TYPE);
    await answer.chunk(whole.slice(0, whole.length / 2));
    await answer.end();
  });
}

/** A good answer with this value, whatever was asked. */
export function value(body: unknown): Fault {
  return text(`the value ${JSON.stringify(body)}`, 200, JSON.stringify(body), JSON_TYPE);
}

/** An empty answer with status 200: of a watch, one that ends at once. */
export function empty(): Fault {
  return text("empty answer", 200, "", JSON_TYPE);
}

/** A watch that brings a bookmark of the version it was asked to start at, and ends at once. */
export function bookmarkAndEnd(kind: string): Fault {
  return fault("a bookmark and the end", async ({ request, answer }) => {
    const query = new URL(request.target, "http://proxy").searchParams;
    const metadata = { resourceVersion: query.get("resourceVersion") };
    await answer.head(200, JSON_TYPE);
    await answer.chunk(`${JSON.stringify({ type: "BOOKMARK", object: { kind, metadata } })}\n`);
    await answer.end();
  });
}

function text(
  name: string,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): Fault {
  return fault(name, async ({ answer }) => {
    await answer.head(status, headers);
    await answer.chunk(body);
    await answer.end();
  });
}

function fault(name: string, answer: (exchange: Exchange) => void | Promise<void>): Fault {
  return { name, answer: async (exchange) => await answer(exchange) };
}

async function untilHungUp(signal: AbortSignal): Promise<void> {
  await aborted(signal).catch(() => {});
}
