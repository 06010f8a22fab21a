/** `deno task kind`: a kind cluster on this machine with the controller and a network in it, and away again. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { Command } from "@commander-js/extra-typings";
import { parse, stringify } from "yaml";
import { DEFAULT_INSTALL, installObjects, yamlOf } from "../lib/cli/manifests/mod.ts";
import {
  BUILT_IMAGE,
  contextOf,
  DEFAULTS,
  downSteps,
  type Engine,
  engineOf,
  kindEnv,
  type KindOptions,
  problemsOf,
  type Tools,
  tryLines,
  upSteps,
  type Usable,
} from "./_kind_plan.ts";
import { complaintOf, type ProgramInput, type Ran, runProgram } from "./_program.ts";
import { runSteps } from "./_steps.ts";

/** The network that is applied. */
const SAMPLE = new URL("../manifests/samples/network.yaml", import.meta.url);

const { down = false, ...options } = new Command("deno task kind")
  .description(
    "Creates a kind cluster, loads the images of the controller and of bitcoind, installs the controller, applies " +
      "manifests/samples/network.yaml, waits until the network is Ready, and tells what to try. A cluster that is " +
      "there is brought up to date.",
  )
  .option("--name <name>", "name of the cluster", DEFAULTS.name)
  .option(
    "--image <image>",
    `image of the controller (default: ${BUILT_IMAGE}, built from this folder)`,
  )
  .option("--bitcoind <image>", "image of the nodes", DEFAULTS.bitcoind)
  .option("--kubernetes <version>", "version of Kubernetes, such as v1.34.0 (default: kind's own)")
  .option("--down", "remove the cluster, with all that is in it")
  .addHelpText(
    "after",
    `
Needs kind, kubectl, and docker or podman, and where it is not run on Linux --image, as the image is
built there alone. kubectl's current context becomes that of the cluster.

Examples:
  deno task kind
  deno task kind --kubernetes v1.32.8 --name old
  deno task kind --image registry.example.com/bitcoin-controller:1
  deno task kind --down

Exit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted before it was done.`,
  )
  .exitOverride((error) => Deno.exit(error.exitCode === 0 ? 0 : 2))
  .parse(Deno.args, { from: "user" }).opts();

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => stop.abort(new Error(`Interrupted by ${name}`)));
}
const io = {
  write: (text: string): void => void Deno.stdout.writeSync(new TextEncoder().encode(text)),
  isTerminal: Deno.stdout.isTerminal(),
};

try {
  const tools = await findTools();
  const problems = problemsOf(tools, down);
  if (problems.length > 0) {
    const what = down ? "remove the cluster" : "make a cluster";
    throw new Error(`Cannot ${what}: a tool is missing\n  ${problems.join("\n  ")}`);
  }
  await (down ? removeCluster(engineOf(tools)) : makeCluster(options, engineOf(tools)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(stop.signal.aborted ? 130 : 1);
}
// The listeners of signals would keep it running.
Deno.exit(0);

async function makeCluster(wanted: KindOptions, engine: Engine): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kind-" });
  try {
    const { text: sample, network } = await sampleOf(wanted.bitcoind);
    const steps = upSteps(wanted, {
      engine,
      isThere: await isThere(engine),
      localImages: await localImages(engine, [wanted.image, wanted.bitcoind]),
      folder,
      manifests: (image) => yamlOf(installObjects({ ...DEFAULT_INSTALL, image })),
      sample,
      network,
    });
    await runSteps(steps, run, io, stop.signal);
    console.log(
      `\nThe network '${network}' is Ready, in context '${contextOf(wanted.name)}'. Try:`,
    );
    for (const line of tryLines(wanted.name, network)) console.log(`  ${line}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function removeCluster(engine: Engine): Promise<void> {
  if (!await isThere(engine)) return console.log(`There is no cluster '${options.name}'`);
  await runSteps(downSteps(options, engine), run, io, stop.signal);
}

async function isThere(engine: Engine): Promise<boolean> {
  const listed = await run(["kind", "get", "clusters"], { env: kindEnv(engine) });
  if (!listed.ok) {
    throw new Error(`Cannot list the clusters of kind: ${listed.stderr.trim()}`);
  }
  return listed.stdout.split("\n").includes(options.name);
}

/** The sample with the wanted image, as it is if that is the default. */
async function sampleOf(image: string): Promise<{ text: string; network: string }> {
  const text = await Deno.readTextFile(SAMPLE);
  const object = parse(text);
  const network = String(object.metadata.name);
  if (image === DEFAULTS.bitcoind) return { text, network };
  return { text: stringify({ ...object, spec: { ...object.spec, image } }), network };
}

async function localImages(engine: Engine, names: readonly (string | undefined)[]) {
  const there: string[] = [];
  for (const name of names) {
    if (name && (await run([engine, "image", "inspect", name])).ok) there.push(name);
  }
  return there;
}

async function findTools(): Promise<Tools> {
  const [kind, kubectl, docker, podman] = await Promise.all([
    run(["kind", "version"]),
    run(["kubectl", "version", "--client"]),
    // Without this the daemon is not asked.
    run(["docker", "version", "--format={{.Server.Version}}"]),
    run(["podman", "info"]),
  ]);
  return {
    kind: usable(kind),
    kubectl: usable(kubectl),
    docker: usable(docker),
    podman: usable(podman),
  };
}

function usable(ran: Ran): Usable {
  return ran.ok ? { ok: true } : { ok: false, why: complaintOf(ran) };
}

function run(command: readonly string[], input?: ProgramInput): Promise<Ran> {
  return runProgram(command, input, stop.signal);
}
