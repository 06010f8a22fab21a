/** All options of one bitcoind: its command line and its bitcoin.conf, put together as bitcoind does. Pure. */

import { isKnownOption, NETWORK_ONLY } from "./known_options.ts";
import { type FileOption, isYes, type WrittenOption } from "./option_text.ts";
import { StartupError } from "./startup_error.ts";

/** The only network of the fake. */
const REGTEST = "regtest";

/** The options that hold for regtest: the command line comes before the file's section, and that before the rest of the file. */
export class Options {
  readonly #levels: readonly (readonly WrittenOption[])[];

  /** Keeps the options as they were written. */
  constructor(commandLine: readonly WrittenOption[], file: readonly FileOption[] = []) {
    this.#levels = [
      commandLine,
      file.filter(({ section }) => section === REGTEST),
      file.filter(({ section }) => section === ""),
    ];
  }

  /** The value that counts; undefined if none is given. On the command line the last one wins, in the file the first. */
  text(name: string): string | undefined {
    const [commandLine = [], ...file] = this.#levels;
    return commandLine.findLast((option) => option.name === name)?.value ??
      file.flat().find((option) => option.name === name)?.value;
  }

  /** All values of an option that may be given more than once. */
  list(name: string): string[] {
    const values = this.#levels.flat().filter((option) => option.name === name);
    // `norpcauth=1` was turned into `rpcauth=0`: none.
    return values.map(({ value }) => value).filter((value) => value !== "0");
  }

  /** A switch. */
  flag(name: string, absent: boolean): boolean {
    const value = this.text(name);
    return value === undefined ? absent : isYes(value);
  }

  /** A whole number; a text that is none counts as 0. */
  number(name: string, absent: number): number {
    const value = this.text(name);
    return value === undefined ? absent : Number.parseInt(value, 10) || 0;
  }

  /**
   * Makes sure that the options choose regtest, and only that.
   *
   * @throws {StartupError} if they choose nothing, several networks, or another one
   */
  requireRegtest(): void {
    const chain = this.text("chain");
    const switches = ["regtest", "signet", "testnet", "testnet4"].filter((name) =>
      this.flag(name, false)
    );
    if (switches.length + (chain === undefined ? 0 : 1) > 1) {
      throw new StartupError(
        "Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain. Can use at most one.",
      );
    }
    const network = chain ?? switches[0] ?? "main";
    if (network !== REGTEST) {
      throw new StartupError(
        `The bitcoind in this process knows only regtest, not '${network}': set regtest=1, or run a real bitcoind`,
      );
    }
  }

  /**
   * Makes sure that no option stands above the sections that must stand in one.
   *
   * @throws {StartupError} naming all that do
   */
  requireSections(): void {
    const [commandLine = [], section = [], top = []] = this.#levels;
    const misplaced = NETWORK_ONLY.filter((name) =>
      top.some((option) => option.name === name) &&
      ![...commandLine, ...section].some((option) => option.name === name)
    );
    if (misplaced.length === 0) return;
    const lines = misplaced.map((name) =>
      `Config setting for -${name} only applied on ${REGTEST} network when in [${REGTEST}] section.\n`
    );
    throw new StartupError(lines.join(""));
  }
}

/** Names in a file that bitcoind does not know, which it only warns of; with their sections. */
export function unknownNames(file: readonly FileOption[]): string[] {
  return file
    .filter(({ name }) => !isKnownOption(name))
    .map(({ section, key }) => section === "" ? key : `${section}.${key}`);
}
