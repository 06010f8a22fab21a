/** `SHA256SUMS`: the digests of what a release has, for `sha256sum --check`. */

/** What a release has. */
const RELEASED = /^bitcoin-controller(-[a-z]+-[a-z0-9]+)?(\.cdx\.json)?$/;

/** Writes `SHA256SUMS` for the binaries and SBOMs in a folder, of this build and of those for other platforms. */
export async function writeChecksums(folder: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const lines = await Promise.all(
    names.filter((name) => RELEASED.test(name)).sort().map(async (name) =>
      `${await sha256Of(`${folder}/${name}`)}  ${name}\n`
    ),
  );
  await Deno.writeTextFile(`${folder}/SHA256SUMS`, lines.join(""));
}

/** The SHA-256 of a file, in hex. */
export async function sha256Of(path: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))).toHex();
}
