/** Writes what is made from code: the manifests, docs/api.md and the tables of docs/security.md. With --check: only compares. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import {
  DEFAULT_INSTALL,
  installObjects,
  ONE_NAMESPACE_INSTALL,
  type Part,
  PARTS,
  yamlOf,
} from "../lib/cli/manifests/mod.ts";
import { customResourceDefinition, OWN_NAMESPACE_RIGHTS, RIGHTS } from "../lib/network/mod.ts";
import { apiReference } from "./_api_reference.ts";
import { readIfThere } from "./_files.ts";
import { PERMISSIONS, permissionsTable } from "./_permissions.ts";
import { replacePart, rightsTable } from "./_rights_table.ts";

const definition = customResourceDefinition();
const properties = definition.spec.versions[0]?.schema?.openAPIV3Schema?.properties ?? {};

const FILES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PARTS.map((part) => [`manifests/${part}.yaml`, manifest([part])])),
  "manifests/install.yaml": manifest(PARTS),
  "manifests/one-namespace/install.yaml": manifest(PARTS, ONE_NAMESPACE_INSTALL),
  "docs/security.md": await securityDocument(),
  "docs/api.md": apiReference(properties.spec ?? {}, properties.status ?? {}),
};

function manifest(parts: readonly Part[], options = DEFAULT_INSTALL): string {
  return yamlOf(
    installObjects(options, parts),
    "Made by `deno task generate`. Do not edit: `bitcoin-controller manifests` prints it with other options.",
  );
}

async function securityDocument(): Promise<string> {
  const document = await Deno.readTextFile("docs/security.md");
  const rights = replacePart(document, "rights", rightsTable(RIGHTS));
  const own = replacePart(rights, "own", rightsTable(OWN_NAMESPACE_RIGHTS));
  return replacePart(own, "permissions", permissionsTable(PERMISSIONS));
}

const check = Deno.args.includes("--check");
let stale = 0;
for (const [path, text] of Object.entries(FILES)) {
  const before = await readIfThere(path);
  if (before === text) continue;
  stale++;
  if (!check) await Deno.writeTextFile(path, text);
  console.log(`${path}: ${check ? "stale" : "written"}`);
}
if (check && stale > 0) {
  console.error("Run `deno task generate` and commit the result.");
  Deno.exit(1);
}
