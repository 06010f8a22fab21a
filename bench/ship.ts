/**
 * What is shipped: sizes, the time from the start to the first request, and memory at rest. It measures what
 * `deno task build` makes.
 *
 * The kubeconfig is JSON, so that YAML's parser is not loaded: in a pod it is not either. After the first request the
 * controller is still to be loaded; the time until it works is in `bench settled`.
 *
 * The reference is the plain runtime: an empty program, compiled by the same Deno with the same stub. Its time is from
 * its start to its end, so that it has loaded nothing and asked nobody; the controller's is from its start until its
 * first request is at a server over TLS, with a token, and with health and metrics served, as in a pod.
 */

import { sha256Of } from "../tasks/_checksums.ts";
import { EmbeddedCluster } from "../lib/embedded/mod.ts";
import { CUSTOM_RESOURCE_DEFINITIONS } from "../lib/kube/mod.ts";
import { customResourceDefinition } from "../lib/network/mod.ts";
import { TLS } from "../tests/kube/_tls_files.ts";
import { BINARY, buildBinary, compile } from "./_binary.ts";
import { pause, Process, run } from "./_process.ts";
import { type Benchmark, type Print, summarize, verdict } from "./harness.ts";

const ROOTFS = "dist/rootfs";
/** Targets: MB, MB beyond what is in it, ms, times the plain runtime, MB. */
const TARGETS = { binary: 110, image: 5, startMs: 250, startRatio: 1.5, rss: 90 } as const;
/** Starts for each round that is asked for: they are short, and what else a machine does is as long. */
const STARTS_PER_ROUND = 3;
/** How long a controller without work is left alone before its memory is read, in ms. */
const REST_MS = 15_000;
/** Builds it and measures. */
export const benchmark: Benchmark = {
  about: "the compiled binary and its image: size, start to the first request, memory at rest",
  async run(_measure, print, { rounds }) {
    await buildBinary();
    const { size } = await Deno.stat(BINARY);
    const folder = await Deno.makeTempDir({ prefix: "bench-ship-" });
    try {
      const plain = await compileEmpty(folder);
      const { size: plainSize } = await Deno.stat(plain.empty);
      print(`${BINARY}, SHA-256 ${(await sha256Of(BINARY)).slice(0, 12)}…`);
      print(
        `binary            ${mb(size)}, plain runtime ${mb(plainSize)}, ratio ${
          ratio(size, plainSize)
        }  ${verdict(`${TARGETS.binary} MB`, size < TARGETS.binary * 1e6)}`,
      );
      await measureImage(folder, print);
      await measureStart(folder, plain.empty, rounds * STARTS_PER_ROUND, print);
      await measureRest(plain.idle, print);
      print("");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};

/** Programs that are the runtime and nothing else: one ends, one waits. */
async function compileEmpty(
  folder: string,
): Promise<{ readonly empty: string; readonly idle: string }> {
  const programs = { empty: "", idle: "setInterval(() => {}, 1e9);\n" };
  for (const [name, text] of Object.entries(programs)) {
    await Deno.writeTextFile(`${folder}/${name}.js`, text);
    await compile(`${folder}/${name}.js`, `${folder}/${name}`);
  }
  return { empty: `${folder}/empty`, idle: `${folder}/idle` };
}

/** As a file for `ctr images import`: what a node must fetch, before a registry compresses it. */
async function measureImage(folder: string, print: Print): Promise<void> {
  const content = await sizeOfFolder(ROOTFS);
  const file = `${folder}/image.tar`;
  const args = ["run", "-A", "--quiet", "tasks/image.ts", "--output", file];
  try {
    await run(Deno.execPath(), args);
  } catch (error) {
    return print(
      `image             not measured. ${error instanceof Error ? error.message : error}`,
    );
  }
  const { size } = await Deno.stat(file);
  print(
    `image             ${mb(size)}, binary and libraries ${mb(content)}, ${
      mb(size - content)
    } more  ${verdict(`${TARGETS.image} MB`, size - content < TARGETS.image * 1e6)}`,
  );
}

async function measureStart(
  folder: string,
  empty: string,
  starts: number,
  print: Print,
): Promise<void> {
  await using server = new FirstRequests();
  const kubeconfig = `${folder}/kubeconfig`;
  await Deno.writeTextFile(kubeconfig, kubeconfigOf(server.url));
  const controller = async (): Promise<number> => {
    const arrived = server.next();
    const start = performance.now();
    await using _program = startController(kubeconfig);
    return await arrived - start;
  };
  const runtime = async (): Promise<number> => {
    const start = performance.now();
    await using program = Process.start(empty, []);
    await program.ended;
    return performance.now() - start;
  };
  const [own, plain]: [number[], number[]] = [[], []];
  // One start of each warms up the page cache. They take turns: what else the machine does hits both.
  for (let turn = 0; turn <= starts; turn++) {
    const [first, second] = [await controller(), await runtime()];
    if (turn === 0) continue;
    own.push(first);
    plain.push(second);
  }
  const [a, b] = [summarize(own), summarize(plain)];
  const ms = (value: number): string => value.toFixed(0);
  print(
    `start             first request after ${ms(a.median)} ms (p50 of ${starts}, ${ms(a.min)} to ${
      ms(a.max)
    }), plain runtime ${ms(b.median)} ms (${ms(b.min)} to ${ms(b.max)}), ratio ${
      ratio(a.median, b.median)
    }  ${verdict(`${TARGETS.startMs} ms`, a.median < TARGETS.startMs)}, ${
      verdict(`ratio ${TARGETS.startRatio}`, a.median <= TARGETS.startRatio * b.median)
    }`,
  );
}

async function measureRest(idle: string, print: Print): Promise<void> {
  await using cluster = new EmbeddedCluster();
  await cluster.start();
  await cluster.client.resource(CUSTOM_RESOURCE_DEFINITIONS)
    .apply(customResourceDefinition(), { fieldManager: "bench" });
  await using controller = startController(cluster.kubeconfig, "--leader-elect");
  await using runtime = Process.start(idle, []);
  await pause(REST_MS);
  const { rssMb: own } = await controller.usage();
  const { rssMb: plain } = await runtime.usage();
  print(
    `RSS without work  ${own.toFixed(0)} MB, idle runtime ${plain.toFixed(0)} MB, ratio ${
      ratio(own, plain)
    }  ${verdict(`${TARGETS.rss} MB`, own < TARGETS.rss)}`,
  );
}

/** As in a pod, with health and metrics served; only what is wrong is logged. */
function startController(kubeconfig: string, ...args: readonly string[]): Process {
  const command = ["run", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0"];
  return Process.start(BINARY, [...command, "--log-level", "error", ...args]);
}

/** An API server that is asked once, over TLS, and does not answer. */
class FirstRequests implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #over = Promise.withResolvers<Response>();
  #onRequest: (atMs: number) => void = () => {};

  constructor() {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      ...TLS.server,
      onListen: () => {},
      handler: () => {
        this.#onRequest(performance.now());
        return this.#over.promise.then((response) => response.clone());
      },
    });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#server.addr.port}`;
  }

  /** When the next request arrives. */
  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#onRequest = resolve;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is not answered would keep this process alive.
    this.#over.resolve(new Response(null, { status: 503 }));
    await Promise.race([this.#server.shutdown(), pause(100)]);
  }
}

function kubeconfigOf(server: string): string {
  const authority = btoa(TLS.ca);
  return JSON.stringify({
    "current-context": "one",
    contexts: [{ name: "one", context: { cluster: "one", user: "one" } }],
    clusters: [{ name: "one", cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name: "one", user: { token: "token" } }],
  });
}

async function sizeOfFolder(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    bytes += isDirectory ? await sizeOfFolder(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function ratio(value: number, reference: number): string {
  return (value / reference).toFixed(2);
}
