/** The kubelet's own HTTP: container logs for the API server, which passes them on to `kubectl logs`. */

import { linkedAbort } from "../../time/mod.ts";
import { type ContainerLog, LogNotFoundError, type LogReadOptions } from "./logs.ts";

/** Which log is asked for. */
export interface LogRequest {
  /** Namespace of the pod. */
  readonly namespace: string;
  /** Name of the pod. */
  readonly pod: string;
  /** Name of the container. */
  readonly container: string;
  /** The run before the current one. */
  readonly previous: boolean;
}

/** What a log server serves and where. */
export interface LogServerOptions {
  /** Address to listen on. */
  readonly hostname: string;
  /** Port to listen on; 0 for any. */
  readonly port: number;
  /** What callers must send as their bearer token. */
  readonly token: string;
  /** Finds a log, or throws a {@linkcode LogNotFoundError}. */
  readonly find: (request: LogRequest) => ContainerLog;
  /** Time now, in ms since 1970. */
  readonly now: () => number;
}

const ROUTE = new URLPattern({ pathname: "/containerLogs/:namespace/:pod/:container" });

/** Listens until the signal is aborted. */
export function serveLogs(
  options: LogServerOptions,
  signal: AbortSignal,
): Deno.HttpServer<Deno.NetAddr> {
  const { hostname, port } = options;
  return Deno.serve(
    { hostname, port, signal, onListen: () => {} },
    (request) => answer(request, options, signal),
  );
}

function answer(request: Request, options: LogServerOptions, signal: AbortSignal): Response {
  if (!isToken(request.headers.get("authorization") ?? "", options.token)) {
    return new Response("Unauthorized\n", { status: 401 });
  }
  const route = ROUTE.exec(request.url)?.pathname.groups;
  if (!route) return new Response("404 page not found\n", { status: 404 });
  if (request.method !== "GET") return new Response("Method not allowed\n", { status: 405 });
  const { namespace = "", pod = "", container = "" } = route;
  const query = new URL(request.url).searchParams;
  try {
    const previous = query.get("previous") === "true";
    const log = options.find({ namespace, pod, container, previous });
    const body = streamLog(log, readOptions(query, options.now()), signal);
    return new Response(body, { headers: { "content-type": "text/plain" } });
  } catch (error) {
    if (error instanceof LogNotFoundError) {
      return new Response(`${error.message}\n`, { status: error.status });
    }
    if (error instanceof RangeError) return new Response(`${error.message}\n`, { status: 400 });
    throw error;
  }
}

/** A caller that goes away ends the reading, which may be waiting for a line that never comes. */
function streamLog(
  log: ContainerLog,
  options: LogReadOptions,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reading = linkedAbort(signal);
  const lines = log.read(options, reading.signal);
  return new ReadableStream({
    async pull(stream) {
      const { done, value } = await lines.next();
      if (!done) return stream.enqueue(value);
      reading[Symbol.dispose]();
      if (!reading.signal.aborted) stream.close();
    },
    cancel() {
      reading.abort(new DOMException("The caller went away", "AbortError"));
      reading[Symbol.dispose]();
    },
  });
}

function isToken(authorization: string, token: string): boolean {
  return authorization === `Bearer ${token}`;
}

/**
 * Reads the parameters of `GET …/log` (`PodLogOptions`).
 *
 * @throws {RangeError} if one has a value that it cannot have
 */
export function readOptions(query: URLSearchParams, nowMs: number): LogReadOptions {
  const sinceSeconds = wholeNumber(query, "sinceSeconds", 1);
  const sinceTime = query.get("sinceTime");
  const sinceMs = sinceTime === null ? undefined : Date.parse(sinceTime);
  if (Number.isNaN(sinceMs)) throw new RangeError(`sinceTime: '${sinceTime}' is not a time`);
  return {
    follow: query.get("follow") === "true",
    timestamps: query.get("timestamps") === "true",
    tailLines: wholeNumber(query, "tailLines", 0),
    limitBytes: wholeNumber(query, "limitBytes", 1),
    sinceMs: sinceSeconds === undefined ? sinceMs : nowMs - sinceSeconds * 1000,
  };
}

function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${name}: must be a whole number of at least ${least}: '${text}'`);
}
