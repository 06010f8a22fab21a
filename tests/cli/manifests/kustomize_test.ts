/** The Kustomize bases in manifests/, as the stock kubectl builds them: the same as what `manifests` prints. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import {
  DEFAULT_INSTALL,
  installObjects,
  type InstallOptions,
  ONE_NAMESPACE_INSTALL,
} from "../../../lib/cli/manifests/mod.ts";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { toolTest } from "../../support/tools.ts";

const MANIFESTS = fileURLToPath(new URL("../../../manifests", import.meta.url));

function idOf({ kind, metadata }: KubeObject): string {
  return [kind, metadata?.namespace, metadata?.name].filter(Boolean).join("/");
}

/** By what they are: Kustomize has an order of its own. */
function byId(objects: readonly KubeObject[]): Readonly<Record<string, KubeObject>> {
  return Object.fromEntries(objects.map((object) => [idOf(object), object]));
}

async function kustomize(kubectl: string, folder: string): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await new Deno.Command(kubectl, { args: ["kustomize", folder] })
    .output();
  const decoder = new TextDecoder();
  // A deprecated field would be told there.
  assert.equal(decoder.decode(stderr), "");
  assert.equal(code, 0);
  return parseAllDocuments(decoder.decode(stdout), { version: "1.1" })
    .map((document): KubeObject => document.toJS());
}

/** What `manifests` prints, as plain values. */
function printed(options: InstallOptions): KubeObject[] {
  return JSON.parse(JSON.stringify(installObjects(options)));
}

/** A folder with a copy of manifests/ and an overlay of it. */
async function withOverlay(
  base: string,
  lines: readonly string[],
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "kustomize-" });
  try {
    await Deno.mkdir(`${folder}/manifests/one-namespace`, { recursive: true });
    for (const part of ["", "one-namespace/"]) {
      for await (const { name, isFile } of Deno.readDir(`${MANIFESTS}/${part}`)) {
        if (!isFile) continue;
        await Deno.copyFile(`${MANIFESTS}/${part}${name}`, `${folder}/manifests/${part}${name}`);
      }
    }
    await Deno.mkdir(`${folder}/mine`);
    const text = [`resources: [../${base}]`, ...lines].join("\n");
    await Deno.writeTextFile(`${folder}/mine/kustomization.yaml`, text);
    await test(`${folder}/mine`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const IMAGE = [
  "images:",
  "  - name: bitcoin-controller",
  "    newName: registry.example.com/bitcoin-controller",
  '    newTag: "1"',
];
const image = "registry.example.com/bitcoin-controller:1";

toolTest(
  ["kubectl"],
  "manifests/ is the base of an installation for the cluster",
  async (kubectl) => {
    const objects = await kustomize(kubectl, MANIFESTS);
    assert.deepEqual(byId(objects), byId(printed(DEFAULT_INSTALL)));
  },
);

toolTest(
  ["kubectl"],
  "manifests/one-namespace/ is the base of an installation for one namespace",
  async (kubectl) => {
    const objects = await kustomize(kubectl, `${MANIFESTS}/one-namespace`);
    assert.deepEqual(byId(objects), byId(printed(ONE_NAMESPACE_INSTALL)));
  },
);

toolTest(
  ["kubectl"],
  "an overlay moves both bases to another namespace and image",
  async (kubectl) => {
    await withOverlay("manifests", ["namespace: elsewhere", ...IMAGE], async (folder) => {
      const wanted = printed({ ...DEFAULT_INSTALL, namespace: "elsewhere", image });
      assert.deepEqual(byId(await kustomize(kubectl, folder)), byId(wanted));
    });
    await withOverlay(
      "manifests/one-namespace",
      ["namespace: team-a", ...IMAGE],
      async (folder) => {
        const options = { namespace: "team-a", watchNamespaces: ["team-a"], image };
        const wanted = printed({ ...ONE_NAMESPACE_INSTALL, ...options });
        assert.deepEqual(byId(await kustomize(kubectl, folder)), byId(wanted));
      },
    );
  },
);
