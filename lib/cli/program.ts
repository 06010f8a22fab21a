/** Composes the commands and turns how they end into an exit code. Entry: {@linkcode runProgram}. */

import tab from "@bomb.sh/tab/commander";
import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Command as PlainCommand } from "commander";
import { isAbort } from "../time/mod.ts";
import { demoCommand } from "./demo/command.ts";
import { describeError, ToldError } from "./describe_error.ts";
import { FAILURE, INTERRUPTED, SUCCESS, USAGE } from "./exit_code.ts";
import type { CommandIo } from "./io.ts";
import { manifestsCommand } from "./manifests/command.ts";
import { runCommand } from "./run/command.ts";
import { VERSION, versionCommand } from "./version.ts";

/** The name of the program, as it stands in help, completions and logs. */
export const PROGRAM = "bitcoin-controller";

/** The command of `@bomb.sh/tab`. */
const COMPLETIONS = "completions";

/** All commands. A command that fails throws; one that is interrupted before it is done throws the signal's reason. */
export function createProgram(io: CommandIo): Command {
  const program = new Command(PROGRAM)
    .description("Runs Bitcoin test networks on Kubernetes.")
    .version(`${PROGRAM} ${VERSION}`, "-V, --version", "print the version")
    .helpCommand("help [command]", "print help for a command")
    .addHelpText(
      "after",
      `
Examples:
  ${PROGRAM} demo                        a network on this machine, nothing installed
  ${PROGRAM} demo --story --json         the acceptance run, for machines
  ${PROGRAM} run --context kind-kind     the controller, against a cluster
  ${PROGRAM} manifests                   what to apply to run it in a cluster
  source <(${PROGRAM} completions bash)  tab completion

Exit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted before it was done.`,
    );
  program.addCommand(runCommand(io));
  program.addCommand(demoCommand(io));
  program.addCommand(manifestsCommand(io));
  program.addCommand(versionCommand(io));
  // as: at run time it is a plain Command; only the type declarations of the two packages differ.
  tab(program as unknown as PlainCommand, { completionCommandName: COMPLETIONS });
  program.commands.find((command) => command.name() === COMPLETIONS)
    ?.description("print a script for tab completion, for the shell to source");
  prepare(program, io);
  return program;
}

/** Runs one command line (without the program's name) and returns the exit code. Never throws. */
export async function runProgram(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    await createProgram(io).parseAsync([...args], { from: "user" });
    return SUCCESS;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? SUCCESS : USAGE;
    if (isAbort(error, io.signal)) return INTERRUPTED;
    if (!(error instanceof ToldError)) io.err(`${PROGRAM}: ${describeError(error)}\n`);
    return FAILURE;
  }
}

/**
 * Gives each command the same help and hints, sends its output through `io`, and makes it throw where commander would
 * end the process.
 */
function prepare(command: CommandUnknownOpts, io: CommandIo): void {
  command
    .exitOverride()
    .helpOption("-h, --help", "print help for a command")
    .showHelpAfterError("(add --help for the options)")
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.color,
    });
  for (const child of command.commands) prepare(child, io);
}
