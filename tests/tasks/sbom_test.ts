/** The SBOM that `deno task build` writes. */

import assert from "node:assert/strict";
import { packagesOfLock } from "../../tasks/_lockfile.ts";
import { problemOfSbom, sbomText } from "../../tasks/_sbom.ts";

const SHA512 =
  "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

function entry(...dependencies: readonly string[]): { integrity: string; dependencies: string[] } {
  return { integrity: `sha512-${SHA512}`, dependencies: [...dependencies] };
}

const LOCK = {
  version: "5",
  npm: {
    "@a/shipped@1.2.3_peer@4.5.6": entry("peer", "twice@2.0.0"),
    "peer@4.5.6": entry(),
    "tests-only@0.1.0": entry("twice@1.0.0"),
    "twice@1.0.0": entry(),
    "twice@2.0.0": entry(),
  },
};

interface Sbom {
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly scope: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    readonly licenses?: readonly unknown[];
  }[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

const text = (): string =>
  sbomText({
    version: "0.1.0",
    deno: "2.4.2",
    packages: packagesOfLock(LOCK),
    shipped: new Set(["@a/shipped@1.2.3", "twice@2.0.0"]),
    licenseOf: ({ name }) => ({ "@a/shipped": "MIT", twice: "My own" })[name],
  });

Deno.test("packagesOfLock() resolves what packages use, with and without a version", () => {
  assert.deepEqual(packagesOfLock(LOCK)[0], {
    name: "@a/shipped",
    version: "1.2.3",
    sha512: SHA512,
    uses: ["peer@4.5.6", "twice@2.0.0"],
  });
});

Deno.test("packagesOfLock() refuses a lock file that it does not know", () => {
  assert.throws(() => packagesOfLock({ ...LOCK, version: "6" }), /it is of version 6/);
  const npm = { "a@1.0.0": entry("gone") };
  assert.throws(() => packagesOfLock({ version: "5", npm }), /there is no package 'gone' in it/);
});

Deno.test("packagesOfLock() reads deno.lock", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)));
  const packages = packagesOfLock(lock);
  assert.ok(packages.some(({ name, uses }) => name === "prom-client" && uses.length > 0));
});

Deno.test("sbomText() is valid CycloneDX that tells what ships from what does not", async () => {
  const made = text();
  assert.equal(await problemOfSbom(made), undefined);
  // as: it has just been found to be valid.
  const { components, dependencies } = JSON.parse(made) as Sbom;
  const scopes = Object.fromEntries(components.map((one) => [one["bom-ref"], one.scope]));
  assert.deepEqual(scopes, {
    "@a/shipped@1.2.3": "required",
    "deno@2.4.2": "required",
    "peer@4.5.6": "excluded",
    "tests-only@0.1.0": "excluded",
    "twice@1.0.0": "excluded",
    "twice@2.0.0": "required",
  });
  const uses = (ref: string): readonly string[] | undefined =>
    dependencies.find((one) => one.ref === ref)?.dependsOn;
  assert.deepEqual(uses("@a/shipped@1.2.3"), ["peer@4.5.6", "twice@2.0.0"]);
  assert.deepEqual(uses("bitcoin-controller@0.1.0"), [
    "@a/shipped@1.2.3",
    "deno@2.4.2",
    "twice@2.0.0",
  ]);
  const shipped = components.find((one) => one["bom-ref"] === "@a/shipped@1.2.3");
  assert.equal(shipped?.purl, "pkg:npm/%40a/shipped@1.2.3");
  assert.deepEqual(shipped?.licenses, [{ license: { id: "MIT" } }]);
  assert.match(shipped?.hashes?.[0]?.content ?? "", /^cf83e1357eefb8bd/);
  const twice = components.find((one) => one["bom-ref"] === "twice@2.0.0");
  assert.deepEqual(twice?.licenses, [{ license: { name: "My own" } }]);
});

Deno.test("sbomText() is the same each time", () => assert.equal(text(), text()));

Deno.test("sbomText() fails on code of a package that deno.lock does not have", () => {
  assert.throws(() =>
    sbomText({
      version: "0.1.0",
      deno: "2.4.2",
      packages: [],
      shipped: new Set(["unknown@1.0.0"]),
      licenseOf: () => undefined,
    }), /'unknown@1\.0\.0' is not in deno\.lock/);
});

Deno.test("problemOfSbom() finds what CycloneDX does not allow", async () => {
  assert.match(await problemOfSbom(text().replace('"library"', '"libary"')) ?? "", /no CycloneDX/);
});
