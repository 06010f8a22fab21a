/** images/bitcoind/verify.sh, with keys, checksums and an archive of the test's own. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { toolSuite } from "../support/tools.ts";

const SCRIPT = fileURLToPath(new URL("../../images/bitcoind/verify.sh", import.meta.url));
const ARCHIVE = "bitcoin-1.0-x86_64-linux-gnu.tar.gz";

/** A time at which a key was valid that has expired since. */
const LONG_AGO = ["--faked-system-time", "20200101T000000"];

/** A folder with a release in it, and somebody's key ring. */
class Release {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A new key, or one that was valid for a day long ago; its fingerprint. Its public half is put where the builders' are. */
  async createKey(name: string, isExpired = false): Promise<string> {
    const [time, expires] = isExpired ? [LONG_AGO, "1d"] : [[], "never"];
    await this.#gpg(...time, "--quick-generate-key", name, "ed25519", "sign", expires);
    await this.#gpg("--armor", "--output", `${this.folder}/keys/${name}.gpg`, "--export", name);
    const listed = await this.#gpg("--with-colons", "--list-keys", name);
    const [, fingerprint = ""] = /^fpr:+(\w+):/m.exec(listed) ?? [];
    return fingerprint;
  }

  /** Writes the archive and its checksum, which these people sign; under another name if there is one. */
  async publish(signers: readonly string[], listed = ARCHIVE): Promise<void> {
    await this.write(ARCHIVE, "what was released");
    const bytes = await Deno.readFile(`${this.folder}/${ARCHIVE}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    await this.write("SHA256SUMS", `${"0".repeat(64)}  other.tar.gz\n${digest}  ${listed}\n`);
    const signatures = [];
    for (const signer of signers) {
      const time = signer === "eve" ? LONG_AGO : [];
      const args = [...time, "--armor", "--local-user", signer, "--output", "-"];
      signatures.push(await this.#gpg(...args, "--detach-sign", `${this.folder}/SHA256SUMS`));
    }
    await this.write("SHA256SUMS.asc", signatures.join(""));
  }

  async write(name: string, text: string): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${name}`, text);
  }

  /** What the script says, when so many must have signed. */
  async verify(minimum: number): Promise<{ readonly code: number; readonly text: string }> {
    const files = [ARCHIVE, "SHA256SUMS", "SHA256SUMS.asc", "builders.txt", "keys"];
    const { code, stdout, stderr } = await new Deno.Command(SCRIPT, {
      args: [...files.map((name) => `${this.folder}/${name}`), `${minimum}`],
    }).output();
    const decoder = new TextDecoder();
    return { code, text: decoder.decode(code === 0 ? stdout : stderr) };
  }

  /** Ends the agent that gpg has started. */
  async close(): Promise<void> {
    await new Deno.Command("gpgconf", {
      args: ["--kill", "all"],
      env: { GNUPGHOME: `${this.folder}/ring` },
    }).output();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #gpg(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("gpg", {
      args: ["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", ...args],
      env: { GNUPGHOME: `${this.folder}/ring` },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  }
}

toolSuite(["gpg", "gpgconf", "sha256sum"], "verify.sh of the bitcoind image", async (t) => {
  const release = new Release(await Deno.makeTempDir({ prefix: "release-" }));
  const { folder } = release;
  try {
    await Deno.mkdir(`${folder}/ring`, { mode: 0o700 });
    await Deno.mkdir(`${folder}/keys`);
    const alice = await release.createKey("alice");
    const bob = await release.createKey("bob");
    const eve = await release.createKey("eve", true);
    await release.createKey("mallory");
    await release.write("builders.txt", `# people\n${alice} alice\n${bob} bob\n${eve} eve\n`);
    const refused = async (minimum: number, why: RegExp): Promise<void> => {
      const { code, text } = await release.verify(minimum);
      assert.equal(code, 1, text);
      assert.match(text, why);
    };

    await t.step("takes an archive of which enough builders have signed the checksum", async () => {
      await release.publish(["alice", "bob", "mallory"]);
      const { code, text } = await release.verify(2);
      assert.equal(code, 0, text);
      assert.match(text, /^bitcoin-1\.0-.*: signed by (alice bob|bob alice)\n$/);
    });
    await t.step("refuses an archive that was changed", async () => {
      await release.publish(["alice", "bob"]);
      await release.write(ARCHIVE, "something else");
      await refused(2, /its checksum is not the one/);
    });
    await t.step("refuses checksums that were changed after they were signed", async () => {
      await release.publish(["alice", "bob"]);
      const sums = await Deno.readTextFile(`${folder}/SHA256SUMS`);
      await release.write("SHA256SUMS", `${sums}\n`);
      await refused(1, /good signatures of 0 builders \( none\), and 1 are needed/);
    });
    await t.step("counts neither strangers nor a builder twice", async () => {
      await release.publish(["alice", "mallory", "alice"]);
      await refused(2, /good signatures of 1 builders \( alice\), and 2 are needed/);
    });
    await t.step("does not count a key that has expired", async () => {
      await release.publish(["eve", "bob"]);
      await refused(2, /good signatures of 1 builders \( bob\), and 2 are needed/);
    });
    await t.step("refuses a release without signatures", async () => {
      await release.publish([]);
      await refused(1, /good signatures of 0 builders/);
    });
    await t.step("refuses an archive that the checksums do not list", async () => {
      await release.publish(["alice", "bob"], "another.tar.gz");
      await refused(2, /does not list 'bitcoin-1\.0-x86_64-linux-gnu\.tar\.gz'/);
    });
    await t.step("says when there are no keys, and needs one signature at least", async () => {
      await release.publish(["alice"]);
      assert.equal((await release.verify(0)).code, 2);
      await Deno.rename(`${folder}/keys`, `${folder}/gone`);
      await Deno.mkdir(`${folder}/keys`);
      await refused(1, /keys in '.*\/keys' cannot be read/);
    });
  } finally {
    await release.close();
  }
});
