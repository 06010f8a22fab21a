/**
 * The SBOM of a binary, in CycloneDX's JSON: the runtime, and every package of deno.lock, with its license, the digest
 * of its archive and what it uses. Those whose code is not in the binary are there too, as `excluded`: tests and tasks
 * use them. It has no date and no number of its own, so that the same commit makes the same SBOM.
 */

import process from "node:process";

import { ComponentScope, ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { Factories } from "@cyclonedx/cyclonedx-library/Contrib/License";
import { Bom, Component, LicenseRepository, Metadata } from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import config from "../deno.json" with { type: "json" };
import type { Bundle } from "./_bundle.ts";
import { type LockedPackage, type Lockfile, packagesOfLock } from "./_lockfile.ts";

/** What an SBOM says. */
export interface SbomParts {
  /** Version of the program. */
  readonly version: string;
  /** Version of Deno in the binary. */
  readonly deno: string;
  /** All packages. */
  readonly packages: readonly LockedPackage[];
  /** Those whose code is in the binary, as `name@version`. */
  readonly shipped: ReadonlySet<string>;
  /** What a package says of its license. */
  readonly licenseOf: (locked: LockedPackage) => string | undefined;
}

/**
 * Writes the SBOM of a bundle.
 *
 * @param deno version of Deno in the binary
 * @throws {Error} if it is not as CycloneDX demands
 */
export async function writeSbom(path: string, made: Bundle, deno: string): Promise<void> {
  // as: written by Deno; its version is checked, and what is missing in it is an error.
  const lock = JSON.parse(await Deno.readTextFile("deno.lock")) as Lockfile;
  const packages = packagesOfLock(lock);
  const licenses = new Map<LockedPackage, string | undefined>();
  for (const locked of packages) licenses.set(locked, await licenseIn(made, locked));
  const text = sbomText({
    version: config.version,
    deno,
    packages,
    shipped: made.packages,
    licenseOf: (locked) => licenses.get(locked),
  });
  const problem = await problemOfSbom(text);
  if (problem !== undefined) throw new Error(`Cannot write '${path}': ${problem}`);
  await Deno.writeTextFile(path, text);
}

/**
 * The text of an SBOM.
 *
 * @throws {RangeError} if a package is in the binary and not in the lock file
 */
export function sbomText({ version, deno, packages, shipped, licenseOf }: SbomParts): string {
  const program = new Component(ComponentType.Application, "bitcoin-controller", {
    version,
    bomRef: `bitcoin-controller@${version}`,
    licenses: licensesOf("Apache-2.0"),
  });
  const runtime = new Component(ComponentType.Platform, "deno", {
    version: deno,
    bomRef: `deno@${deno}`,
    purl: `pkg:github/denoland/deno@v${deno}`,
    licenses: licensesOf("MIT"),
    scope: ComponentScope.Required,
  });
  const components = new Map(packages.map((locked) => [idOf(locked), componentOf(locked)]));
  for (const locked of packages) {
    const component = components.get(idOf(locked));
    if (!component) continue;
    for (const license of licensesOf(licenseOf(locked))) component.licenses.add(license);
    component.scope = shipped.has(idOf(locked)) ? ComponentScope.Required : ComponentScope.Excluded;
    for (const used of locked.uses) {
      const other = components.get(used);
      if (other) component.dependencies.add(other.bomRef);
    }
  }
  program.dependencies.add(runtime.bomRef);
  for (const id of shipped) {
    const component = components.get(id);
    if (!component) throw new RangeError(`Cannot make the SBOM: '${id}' is not in deno.lock`);
    program.dependencies.add(component.bomRef);
  }
  const bom = new Bom({ metadata: new Metadata({ component: program }) });
  for (const component of [runtime, ...components.values()]) bom.components.add(component);
  return `${
    new JsonSerializer(new Json.Normalize.Factory(Spec1dot6))
      .serialize(bom, { sortLists: true, space: 2 })
  }\n`;
}

/** What of an SBOM is not as CycloneDX demands; nothing if all is. */
export async function problemOfSbom(text: string): Promise<string | undefined> {
  // A package of the validator's asks for Node's `punycode`, and that is no news to whoever builds.
  Object.assign(process, { noDeprecation: true });
  const { JsonStrictValidator } = await import("@cyclonedx/cyclonedx-library/Validation");
  const problem = await new JsonStrictValidator(Spec1dot6.version).validate(text);
  return problem === null ? undefined : `it is no CycloneDX: ${JSON.stringify(problem)}`;
}

function componentOf({ name, version, sha512 }: LockedPackage): Component {
  const [group, rest] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const component = new Component(ComponentType.Library, rest ?? name, {
    version,
    ...(group !== undefined && { group }),
    bomRef: `${name}@${version}`,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  });
  component.hashes.set(HashAlgorithm["SHA-512"], Uint8Array.fromBase64(sha512).toHex());
  return component;
}

/** A name that SPDX knows is one; whatever else there is stays a text. */
function licensesOf(text: string | undefined): LicenseRepository {
  const factory = new Factories.LicenseFactory(() => {
    throw new SyntaxError("Expressions are not parsed");
  });
  return new LicenseRepository(text === undefined ? [] : [factory.makeFromString(text)]);
}

async function licenseIn(
  made: Bundle,
  { name, version }: LockedPackage,
): Promise<string | undefined> {
  const file = `${made.folderOfPackage(name, version)}/package.json`;
  try {
    // as: any JSON; only a string counts.
    const { license } = JSON.parse(await Deno.readTextFile(file)) as { license?: unknown };
    return typeof license === "string" ? license : undefined;
  } catch (error) {
    // Packages for other platforms are in the lock file only.
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function idOf({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}
