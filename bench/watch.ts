/** The watch: how many MB a second of an API server's stream become events. */

import { PODS, type Requester, ResourceHandle } from "../lib/kube/mod.ts";
import { samplePod } from "./_pods.ts";
import type { Benchmark } from "./harness.ts";

const EVENTS = 20_000;
/** About what `fetch` hands over at once. */
const CHUNK_BYTES = 64 * 1024;

/** Measures the whole way from bytes to typed events, without the network. */
export const benchmark: Benchmark = {
  about: "decoding a watch of 20,000 pods, beside JSON.parse of its lines",
  async run(measure) {
    const bytes = await watchBytes();
    await measure({
      name: "bytes of a watch to events",
      unit: "MB",
      count: bytes.length / 1e6,
      targetPerSecond: 50,
      subject: { name: "ResourceHandle.watch", run: () => watch(bytes) },
      reference: { name: "split and JSON.parse", run: () => plainParse(bytes) },
    });
  },
};

async function watchBytes(): Promise<Uint8Array<ArrayBuffer>> {
  const pod = await samplePod();
  const lines = Array.from(
    { length: EVENTS },
    (_, i) => `${JSON.stringify({ type: "ADDED", object: pod(i) })}\n`,
  );
  return new TextEncoder().encode(lines.join(""));
}

async function watch(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const server: Requester = {
    request: () => Promise.reject(new TypeError("Nothing is requested here")),
    stream: () => Promise.resolve(streamOf(bytes)),
  };
  let events = 0;
  const pods = new ResourceHandle(server, PODS);
  for await (const _ of pods.watch({ resourceVersion: "0" })) events++;
  check(events);
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + CHUNK_BYTES));
      at += CHUNK_BYTES;
    },
  });
}

function plainParse(bytes: Uint8Array<ArrayBuffer>): void {
  let events = 0;
  for (const line of new TextDecoder().decode(bytes).split("\n")) {
    if (line === "") continue;
    JSON.parse(line);
    events++;
  }
  check(events);
}

function check(events: number): void {
  if (events !== EVENTS) throw new Error(`Decoded ${events} of ${EVENTS} events`);
}
