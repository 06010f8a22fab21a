/** What the tests of this room share: a client of a scripted server, objects, and the exchanges of a real API server. */

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import {
  type ApiError,
  type Connection,
  KubeClient,
  type KubeClientOptions,
  type KubeObject,
  type ResourceType,
  type Stored,
} from "../../lib/kube/mod.ts";
import { settle } from "../support/fake_clock.ts";

/** A small kind for tests. */
export interface Thing extends KubeObject {
  spec?: { size?: number };
}

/** Its type. */
export const THINGS: ResourceType<Thing> = {
  group: "example.com",
  version: "v1",
  kind: "Thing",
  plural: "things",
  namespaced: true,
};

/** A connection to a URL. */
export function connectionTo(server: string, more: Partial<Connection> = {}): Connection {
  return { server, namespace: "default", description: "a test", ...more };
}

/** A client of a URL. */
export function clientOf(
  { url }: { readonly url: string },
  options: KubeClientOptions = {},
  more: Partial<Connection> = {},
): KubeClient {
  return new KubeClient(connectionTo(url, more), options);
}

/** A thing as the server has it. */
export function thing(
  name: string,
  resourceVersion: string,
  { uid = `uid-${name}`, size = 1, namespace = "ns" } = {},
): Stored<Thing> {
  return {
    apiVersion: "example.com/v1",
    kind: "Thing",
    metadata: { name, namespace, uid, resourceVersion },
    spec: { size },
  };
}

/** A list of things as the server words it. */
export function thingList(
  resourceVersion: string,
  items: readonly Thing[],
  more: object = {},
): object {
  return {
    apiVersion: "example.com/v1",
    kind: "ThingList",
    metadata: { resourceVersion, ...more },
    items,
  };
}

/** What a promise rejects with; fails if it does not. */
export async function rejection<E = ApiError>(
  promise: Promise<unknown>,
  type: new (...args: never[]) => E,
): Promise<E> {
  const outcome = await promise.then((value) => ({ value }), (error: unknown) => ({ error }));
  assert.ok("error" in outcome, "expected a rejection");
  assert.ok(outcome.error instanceof type, `expected a ${type.name}, got ${outcome.error}`);
  return outcome.error;
}

interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body?: unknown;
    readonly text?: string;
    readonly lines?: readonly object[];
  };
}

const { exchanges }: { exchanges: Exchange[] } = JSON.parse(
  await Deno.readTextFile(new URL("../fixtures/kubernetes-api.json", import.meta.url)),
);

/** One exchange with kube-apiserver 1.34, by its name. */
export function exchange(name: string): Exchange {
  const found = exchanges.find((one) => one.name === name);
  assert.ok(found, `there is an exchange '${name}'`);
  return found;
}

/** The answer of an exchange, to be sent once. */
export function answerOf(name: string): Response {
  const { status, headers, body, text, lines } = exchange(name).response;
  const content = lines
    ? lines.map((line) => `${JSON.stringify(line)}\n`).join("")
    : text ?? JSON.stringify(body);
  const { "transfer-encoding": _, ...rest } = headers;
  return new Response(content, { status, headers: rest });
}

/** Waits for something that real input and output brings about. */
export async function eventually(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < end, `in time: ${condition}`);
    await settle();
  }
}

/** Has the engine throw away everything that nothing refers to. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let i = 0; i < 5; i++) {
    await settle();
    collect();
  }
}
