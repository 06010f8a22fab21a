/** The rooms of docs/architecture.md: who may import whom. */

import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);

/** For each room, the rooms that it may import. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  time: [],
  kube: ["time"],
  rpc: ["time"],
  reconcile: ["time"],
  network: ["kube", "rpc", "reconcile", "time"],
  embedded: ["kube", "rpc", "reconcile", "time"],
  server: ["kube", "rpc", "reconcile", "time"],
  cli: ["network", "embedded", "server", "kube", "rpc", "reconcile", "time"],
};

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

/** The modules that a file names in its imports and exports, as written. */
function specifiers(source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

Deno.test("lib/ holds the rooms of docs/architecture.md and no other", async () => {
  const rooms: string[] = [];
  for await (const entry of Deno.readDir(new URL("lib/", ROOT))) rooms.push(entry.name);
  assert.deepEqual(rooms.sort(), Object.keys(ARROWS).sort());
  const doc = await Deno.readTextFile(new URL("docs/architecture.md", ROOT));
  for (const room of rooms) assert.match(doc, new RegExp(`^lib/${room}/`, "m"));
});

for (const [room, allowed] of Object.entries(ARROWS)) {
  Deno.test(`lib/${room} imports only ${allowed.join(", ") || "itself"}, through mod.ts`, async () => {
    const here = new URL(`lib/${room}/`, ROOT);
    let files = 0;
    for await (const file of sources(here)) {
      files++;
      for (const specifier of specifiers(await Deno.readTextFile(file))) {
        if (!specifier.startsWith(".")) continue;
        const target = new URL(specifier, file);
        if (target.href.startsWith(here.href)) continue;
        const path = target.href.slice(ROOT.href.length);
        const [lib, other = "", ...rest] = path.split("/");
        // The version of the program stands in deno.json alone.
        if (room === "cli" && path === "deno.json") continue;
        // What is generated into manifests/ is part of the program.
        if (room === "cli" && path.startsWith("manifests/")) continue;
        assert.equal(lib, "lib", `${file.pathname} imports '${specifier}' from outside lib/`);
        assert.ok(allowed.includes(other), `${file.pathname} must not import lib/${other}`);
        assert.equal(rest.join("/"), "mod.ts", `${file.pathname} enters lib/${other} by a window`);
      }
    }
    assert.ok(files > 0, `lib/${room} is empty`);
  });
}

Deno.test("no room imports a package on demand: of a CommonJS one, a bundle gives nothing but 'default'", async () => {
  for await (const file of sources(new URL("lib/", ROOT))) {
    assert.doesNotMatch(await Deno.readTextFile(file), /\bimport\(\s*"[^."]/, file.pathname);
  }
});

Deno.test("no room uses AbortSignal.any(), which Deno 2.4 forgets while only listeners hold it", async () => {
  for await (const file of sources(new URL("lib/", ROOT))) {
    assert.doesNotMatch(await Deno.readTextFile(file), /AbortSignal\.any\(/, file.pathname);
  }
});

Deno.test("only lib/cli and the entry point know the process: no other room reads Deno.args or exits", async () => {
  for (const room of Object.keys(ARROWS).filter((name) => name !== "cli")) {
    for await (const file of sources(new URL(`lib/${room}/`, ROOT))) {
      const source = await Deno.readTextFile(file);
      assert.doesNotMatch(source, /\bDeno\.(args|exit|addSignalListener)\b/, file.pathname);
      assert.doesNotMatch(source, /\bconsole\.\w+\(/, file.pathname);
    }
  }
});
