/** Writes what is made from the schema of BitcoinNetwork: manifests/crd.yaml and docs/api.md. With --check: only compares. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { stringify } from "yaml";
import { customResourceDefinition } from "../lib/network/mod.ts";
import { apiReference } from "./_api_reference.ts";

const HEADER = "# Made by `deno task generate` from lib/network/schema.ts. Do not edit.\n";

const definition = customResourceDefinition();
const properties = definition.spec.versions[0]?.schema?.openAPIV3Schema?.properties ?? {};

const FILES: Readonly<Record<string, string>> = {
  "manifests/crd.yaml": HEADER + stringify(definition, { lineWidth: 100 }),
  "docs/api.md": apiReference(properties.spec ?? {}, properties.status ?? {}),
};

const check = Deno.args.includes("--check");
let stale = 0;
for (const [path, text] of Object.entries(FILES)) {
  const before = await Deno.readTextFile(path).catch(() => undefined);
  if (before === text) continue;
  stale++;
  if (!check) await Deno.writeTextFile(path, text);
  console.log(`${path}: ${check ? "stale" : "written"}`);
}
if (check && stale > 0) {
  console.error("Run `deno task generate` and commit the result.");
  Deno.exit(1);
}
