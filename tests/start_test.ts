/** What is loaded when the controller starts: what the demo and the tests need must not slow it down. */

import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly Dependency[];
}

interface Graph {
  readonly modules: readonly Module[];
}

/** All modules of the program, as Deno sees them. */
async function graphOf(file: string): Promise<Graph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(file, ROOT).href],
    cwd: ROOT,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  // as: documented output of `deno info --json`; what is read of it is asserted to be there.
  return JSON.parse(new TextDecoder().decode(stdout)) as Graph;
}

/** What loading these modules loads with them: paths of this repository, and names of packages. */
function loadedBy({ modules }: Graph, ...files: readonly string[]): readonly string[] {
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set(files.map((file) => new URL(file, ROOT).href));
  for (const specifier of loaded) {
    for (const { code, isDynamic } of known.get(specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined && !isDynamic) loaded.add(code.specifier);
    }
  }
  return [...loaded].map((specifier) => specifier.replace(ROOT.href, ""));
}

/** The names of packages among them, without versions. */
function packagesOf(loaded: readonly string[]): readonly string[] {
  const names = loaded.flatMap((specifier) =>
    /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(specifier)?.[1] ?? []
  );
  return [...new Set(names)].sort();
}

const COMMANDS = "lib/cli/mod.ts";
const CONTROLLER = "lib/cli/run/controller.ts";
const TELEMETRY = "lib/cli/run/telemetry.ts";

Deno.test("run loads nothing of the embedded cluster and the demo, and no package of theirs", async () => {
  const graph = await graphOf("main.ts");
  const loaded = loadedBy(graph, "main.ts", COMMANDS, CONTROLLER, TELEMETRY);
  assert.ok(loaded.includes("lib/network/mod.ts"), "the controller is loaded");
  assert.deepEqual(loaded.filter((path) => /^(lib\/embedded|tests|tasks|bench)\//.test(path)), []);
  const demo = loaded.filter((path) => /^lib\/cli\/(demo|story)\//.test(path));
  assert.deepEqual(demo, ["lib/cli/demo/command.ts"]);
  assert.deepEqual(packagesOf(loaded), [
    "@bomb.sh/tab",
    "@commander-js/extra-typings",
    "@logtape/logtape",
    "@logtape/redaction",
    "prom-client",
    "tinyqueue",
    "typebox",
  ]);
});

Deno.test("run loads no more than it needs to ask an API server before it has asked one", async () => {
  const loaded = loadedBy(await graphOf("main.ts"), "main.ts", COMMANDS);
  const rooms = loaded.flatMap((path) => /^lib\/(\w+)\//.exec(path)?.[1] ?? []);
  assert.deepEqual([...new Set(rooms)].sort(), ["cli", "kube", "time"]);
  assert.deepEqual(packagesOf(loaded), [
    "@bomb.sh/tab",
    "@commander-js/extra-typings",
    "@logtape/logtape",
    "@logtape/redaction",
  ]);
});

Deno.test("only a controller that listens loads prom-client", async () => {
  const graph = await graphOf("main.ts");
  assert.ok(!packagesOf(loadedBy(graph, "main.ts", COMMANDS, CONTROLLER)).includes("prom-client"));
  assert.ok(packagesOf(loadedBy(graph, TELEMETRY)).includes("prom-client"));
});
