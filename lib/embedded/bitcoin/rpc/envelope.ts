/** JSON-RPC as bitcoind answers it: old style and 2.0, single calls and batches (src/rpc/request.cpp, src/httprpc.cpp). */

import { RPC_INVALID_REQUEST, RPC_METHOD_NOT_FOUND, RPC_PARSE_ERROR } from "../../../rpc/mod.ts";
import { RpcFailure } from "./failure.ts";

/** Carries out one call; throws an {@linkcode RpcFailure} to refuse it. */
export type Execute = (method: string, params: unknown) => Promise<unknown>;

/** What goes over HTTP. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** To be sent as JSON; undefined for nothing. */
  readonly body: unknown;
}

/** A request, as far as it could be read. */
interface Call {
  /** Comes back in the response; undefined if the request has none. */
  readonly id: unknown;
  /** Whether the response is of JSON-RPC 2.0. */
  readonly isVersion2: boolean;
  /** What to do; or why that is not known. */
  readonly request: { readonly method: string; readonly params: unknown } | RpcFailure;
}

/** How a call ended. */
type Outcome = { readonly result: unknown } | RpcFailure;

/** Answers the body of a request. */
export async function answerBody(text: string, execute: Execute): Promise<Reply> {
  const body = parse(text);
  if (Array.isArray(body)) return await answerBatch(body, execute);
  const call = body instanceof RpcFailure
    ? unreadable(body)
    : readCall(body, new RpcFailure(RPC_PARSE_ERROR, "Top-level object parse error"));
  const outcome = await carryOut(call, execute);
  if (isNotification(call)) return { status: 204, body: undefined };
  return { status: statusOf(call, outcome), body: responseOf(call, outcome) };
}

async function answerBatch(bodies: readonly unknown[], execute: Execute): Promise<Reply> {
  const responses: object[] = [];
  for (const body of bodies) {
    const call = readCall(body, new RpcFailure(RPC_INVALID_REQUEST, "Invalid Request object"));
    const outcome = await carryOut(call, execute);
    if (!isNotification(call)) responses.push(responseOf(call, outcome));
  }
  const isSilent = responses.length === 0 && bodies.length > 0;
  return isSilent ? { status: 204, body: undefined } : { status: 200, body: responses };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return new RpcFailure(RPC_PARSE_ERROR, "Parse error");
  }
}

function unreadable(failure: RpcFailure): Call {
  return { id: null, isVersion2: false, request: failure };
}

function readCall(body: unknown, noObject: RpcFailure): Call {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return unreadable(noObject);
  const { id, jsonrpc, method, params }: Readonly<Record<string, unknown>> = { ...body };
  const problem = problemOf(jsonrpc ?? "1.0", method ?? undefined, params ?? []);
  return {
    id,
    isVersion2: jsonrpc === "2.0",
    request: problem === undefined
      ? { method: String(method), params: params ?? [] }
      : new RpcFailure(RPC_INVALID_REQUEST, problem),
  };
}

function problemOf(jsonrpc: unknown, method: unknown, params: unknown): string | undefined {
  if (typeof jsonrpc !== "string") return "jsonrpc field must be a string";
  if (jsonrpc !== "1.0" && jsonrpc !== "2.0") return "JSON-RPC version not supported";
  if (method === undefined) return "Missing method";
  if (typeof method !== "string") return "Method must be a string";
  return typeof params === "object" ? undefined : "Params must be an array or object";
}

async function carryOut({ request }: Call, execute: Execute): Promise<Outcome> {
  if (request instanceof RpcFailure) return request;
  try {
    return { result: await execute(request.method, request.params) ?? null };
  } catch (error) {
    if (error instanceof RpcFailure) return error;
    throw error;
  }
}

/** A request of JSON-RPC 2.0 without an id wants no response. */
function isNotification({ id, isVersion2, request }: Call): boolean {
  return isVersion2 && id === undefined && !(request instanceof RpcFailure);
}

function responseOf({ id, isVersion2 }: Call, outcome: Outcome): object {
  const error = outcome instanceof RpcFailure
    ? { code: outcome.code, message: outcome.message }
    : null;
  const result = outcome instanceof RpcFailure ? null : outcome.result;
  if (!isVersion2) return { result, error, id };
  return { jsonrpc: "2.0", ...(error ? { error } : { result }), id };
}

/** In the old style the status tells of every error; in the new one only of a request that could not be read. */
function statusOf({ isVersion2, request }: Call, outcome: Outcome): number {
  const isRead = !(request instanceof RpcFailure);
  if (!(outcome instanceof RpcFailure) || (isVersion2 && isRead)) return 200;
  if (outcome.code === RPC_INVALID_REQUEST) return 400;
  return outcome.code === RPC_METHOD_NOT_FOUND ? 404 : 500;
}
