/** What deno.lock says of packages, as far as an SBOM needs it. Pure. */

/** A package of the npm registry. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of its archive, in base64. */
  readonly sha512: string;
  /** Packages that it uses, as `name@version`. */
  readonly uses: readonly string[];
}

/** Of a lock file, what is read. */
export interface Lockfile {
  readonly version: string;
  readonly npm: Readonly<Record<string, LockedEntry>>;
}

interface LockedEntry {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
}

/** The version of lock files that is read; Deno 2.3 and later write it. */
const VERSION = "5";
const SHA512 = "sha512-";

/**
 * The packages of a lock file, once each: a package that is there with several sets of peers is one.
 *
 * @throws {SyntaxError} if it is of another version, or names a package that it does not have
 */
export function packagesOfLock(lock: Lockfile): readonly LockedPackage[] {
  if (lock.version !== VERSION) {
    throw new SyntaxError(
      `Cannot read deno.lock: it is of version ${lock.version}, and version ${VERSION} is what is known`,
    );
  }
  const keys = Object.keys(lock.npm);
  const byId = new Map<string, LockedPackage>();
  for (const [key, { integrity, dependencies = [] }] of Object.entries(lock.npm)) {
    const { name, version } = partsOf(key);
    if (!integrity.startsWith(SHA512)) {
      throw new SyntaxError(`Cannot read deno.lock: '${key}' has no SHA-512 but '${integrity}'`);
    }
    const uses = dependencies.map((dependency) => idOf(resolved(dependency, keys)));
    byId.set(idOf(key), { name, version, sha512: integrity.slice(SHA512.length), uses });
  }
  return [...byId.values()];
}

/** `@a/b@1.2.3_c@4.5.6` is version 1.2.3 of `@a/b`, with that peer. */
function partsOf(key: string): { readonly name: string; readonly version: string } {
  const at = key.indexOf("@", 1);
  const [version = ""] = key.slice(at + 1).split("_");
  return { name: key.slice(0, at), version };
}

function idOf(key: string): string {
  const { name, version } = partsOf(key);
  return `${name}@${version}`;
}

/** A dependency is named by its key, or by its name where there is one version only. */
function resolved(dependency: string, keys: readonly string[]): string {
  const key = keys.find((one) => one === dependency || partsOf(one).name === dependency);
  if (key) return key;
  throw new SyntaxError(`Cannot read deno.lock: there is no package '${dependency}' in it`);
}
