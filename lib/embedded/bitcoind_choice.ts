/** Which bitcoind the pods of a cluster run: a real one on this machine, or the fake one in this process. */

import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";

import { isExecutable } from "./_executable.ts";

/** The ways to choose: by these words, or by the path of a bitcoind or of the folder that it is in. */
export type BitcoindChoice = "auto" | "real" | "fake" | (string & Record<never, never>);

/** What was chosen. */
export type ChosenBitcoind =
  /** The fake one. */
  | { readonly kind: "fake" }
  /** The one in the file `program`, which is found first in `path`, folders separated by colons. */
  | { readonly kind: "real"; readonly program: string; readonly path: string };

/** The machine, as far as the choice depends on it. */
export interface BitcoindSearch {
  /** Folders of programs, separated by colons. */
  readonly path: string;
  /** Whether there is a file that may be executed. */
  readonly isExecutable: (file: string) => Promise<boolean>;
}

/** This machine. */
export const thisMachine: BitcoindSearch = {
  get path() {
    return Deno.env.get("PATH") ?? "";
  },
  isExecutable,
};

/** There is no bitcoind where one was asked for. The message says what to do. */
export class BitcoindNotFoundError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "BitcoindNotFoundError";
}

/**
 * Chooses. A real one needs `bitcoin-cli` as well, which pods' probes run. `auto` is a real one if there is one, else
 * the fake one.
 *
 * @throws {BitcoindNotFoundError} if a real one is asked for and there is none
 */
export async function chooseBitcoind(
  choice: BitcoindChoice,
  { path, isExecutable }: BitcoindSearch,
): Promise<ChosenBitcoind> {
  if (choice === "fake") return { kind: "fake" };
  const isWord = choice === "auto" || choice === "real";
  const wanted = isWord ? path : `${await folderOf(choice, isExecutable)}${delimiter}${path}`;
  const bitcoind = await find("bitcoind", wanted, isExecutable);
  const cli = await find("bitcoin-cli", wanted, isExecutable);
  if (bitcoind && cli) return { kind: "real", program: bitcoind, path: wanted };
  if (choice === "auto") return { kind: "fake" };
  throw new BitcoindNotFoundError(
    `Cannot find '${bitcoind ? "bitcoin-cli" : "bitcoind"}' in the folders of PATH '${wanted}': ` +
      "install Bitcoin Core, name the path of a bitcoind, or use the fake one",
  );
}

/** The folder that a path of bitcoind stands for. */
async function folderOf(
  choice: string,
  isExecutable: BitcoindSearch["isExecutable"],
): Promise<string> {
  const file = resolve(choice);
  if (await isExecutable(join(file, "bitcoind"))) return file;
  if (basename(file) !== "bitcoind") {
    throw new BitcoindNotFoundError(
      `Cannot use '${choice}' as bitcoind: it is neither a file named 'bitcoind' nor a folder with one`,
    );
  }
  if (await isExecutable(file)) return dirname(file);
  throw new BitcoindNotFoundError(`Cannot use '${choice}' as bitcoind: it is no executable file`);
}

async function find(
  name: string,
  path: string,
  isExecutable: BitcoindSearch["isExecutable"],
): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(isAbsolute)) {
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return undefined;
}
