/** The text of options: arguments of a command line, and the lines of bitcoin.conf. Pure. */

import { StartupError } from "./startup_error.ts";

/** One setting as it was written, with a negation (`nolisten=1`) resolved (`listen=0`). */
export interface WrittenOption {
  /** Name as it was written, such as `nolisten`. */
  readonly key: string;
  /** Name, without a dash. */
  readonly name: string;
  /** Value; empty if there is none, which means yes. */
  readonly value: string;
}

/** A setting of bitcoin.conf. */
export interface FileOption extends WrittenOption {
  /** Section that it stands in, such as `regtest`; empty above the first. */
  readonly section: string;
}

/** A command line, taken apart. */
export interface CommandLine {
  /** The options, in order. */
  readonly options: readonly WrittenOption[];
  /** What follows them. */
  readonly rest: readonly string[];
}

/**
 * Reads the arguments of bitcoind or bitcoin-cli: options first, then the rest (src/common/args.cpp, `ParseParameters`).
 *
 * @throws {StartupError} if an option is not known
 */
export function parseArguments(
  args: readonly string[],
  isKnown: (name: string) => boolean,
): CommandLine {
  const end = args.findIndex((arg) => !arg.startsWith("-") || arg === "-");
  const optionArgs = end === -1 ? args : args.slice(0, end);
  const options = optionArgs.map((arg) => {
    const [, key = "", value = ""] = /^--?([^=]*)=?(.*)$/s.exec(arg) ?? [];
    const option = withoutNegation(key, value);
    if (!isKnown(option.name)) {
      throw new StartupError(`Error parsing command line arguments: Invalid parameter ${arg}`);
    }
    return option;
  });
  return { options, rest: end === -1 ? [] : args.slice(end) };
}

/**
 * Reads bitcoin.conf (src/common/config.cpp, `GetConfigOptions`).
 *
 * @throws {StartupError} naming the line that cannot be read
 */
export function parseConfigFile(text: string): FileOption[] {
  const options: FileOption[] = [];
  let section = "";
  for (const [index, written] of text.split("\n").entries()) {
    const line = (written.split("#", 1)[0] ?? "").trim();
    const problem = `Error reading configuration file: parse error on line ${index + 1}`;
    if (line === "") continue;
    const header = /^\[(.*)\]$/.exec(line);
    if (header) {
      section = header[1] ?? "";
      continue;
    }
    if (line.startsWith("-")) {
      const hint = "options in configuration file must be specified without leading -";
      throw new StartupError(`${problem}: ${line}, ${hint}`);
    }
    const equals = line.indexOf("=");
    if (equals === -1) {
      const hint = line.startsWith("no")
        ? `, if you intended to specify a negated option, use ${line}=1 instead`
        : "";
      throw new StartupError(`${problem}: ${line}${hint}`);
    }
    const key = line.slice(0, equals).trim();
    if (key === "rpcpassword" && written.includes("#")) {
      throw new StartupError(
        `${problem}, using # in rpcpassword can be ambiguous and should be avoided`,
      );
    }
    const dot = key.indexOf(".");
    options.push({
      ...withoutNegation(key.slice(dot + 1), line.slice(equals + 1).trim()),
      section: dot === -1 ? section : key.slice(0, dot),
    });
  }
  return options;
}

/** Whether the value of a switch means yes: it is empty, or a number other than 0. */
export function isYes(value: string): boolean {
  return value === "" || (Number.parseInt(value, 10) || 0) !== 0;
}

/** No option of bitcoind begins with `no` itself. */
function withoutNegation(key: string, value: string): WrittenOption {
  if (!key.startsWith("no")) return { key, name: key, value };
  return { key, name: key.slice(2), value: isYes(value) ? "0" : "1" };
}
