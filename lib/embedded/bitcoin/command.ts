/** What a command line of bitcoind or bitcoin-cli means in its container: its options with those of its bitcoin.conf. */

import { posix } from "node:path";
import type { ContainerFiles } from "./container_files.ts";
import { isCliOption, isKnownOption } from "./known_options.ts";
import { parseArguments, parseConfigFile } from "./option_text.ts";
import { Options, unknownNames } from "./options.ts";
import { StartupError } from "./startup_error.ts";

/** Where bitcoind keeps its data if it is not told where, in the image of bitcoin/bitcoin. */
const DEFAULT_FOLDER = "/home/bitcoin/.bitcoin";

/** A command line with everything that it refers to. */
export interface Command {
  /** All options. */
  readonly options: Options;
  /** What follows the options of the command line. */
  readonly rest: readonly string[];
  /** Data folder, as the container sees it. */
  readonly dataFolder: string;
  /** Names in the file that bitcoind does not know. */
  readonly unknown: readonly string[];
}

/**
 * Reads a command line.
 *
 * @param args the arguments, without the name of the program
 * @throws {StartupError} as the program does when it cannot be used
 */
export async function readCommand(
  program: "bitcoind" | "bitcoin-cli",
  args: readonly string[],
  files: ContainerFiles,
): Promise<Command> {
  const isKnown = program === "bitcoind" ? isKnownOption : isCliOption;
  const { options: written, rest } = parseArguments(args, isKnown);
  const commandLine = new Options(written);
  const home = commandLine.text("datadir");
  await requireFolder(home, files, "Specified");
  const conf = commandLine.text("conf");
  const path = posix.resolve(home ?? DEFAULT_FOLDER, conf ?? "bitcoin.conf");
  const text = await files.read(path);
  if (text === undefined && conf !== undefined) {
    throw new StartupError(
      `Error reading configuration file: specified config file "${path}" could not be opened.`,
    );
  }
  const file = parseConfigFile(text ?? "");
  const options = new Options(written, file);
  const folder = options.text("datadir");
  await requireFolder(folder, files, "Error reading configuration file: specified");
  return { options, rest, dataFolder: folder ?? DEFAULT_FOLDER, unknown: unknownNames(file) };
}

async function requireFolder(
  folder: string | undefined,
  files: ContainerFiles,
  specified: string,
): Promise<void> {
  if (folder === undefined || await files.isFolder(folder)) return;
  throw new StartupError(`${specified} data directory "${folder}" does not exist.`);
}
