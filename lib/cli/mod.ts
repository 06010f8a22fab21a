/**
 * The commands of the program. Enter by {@linkcode runProgram}: a command line in, an exit code out.
 *
 * @module
 */

export * from "./exit_code.ts";
export * from "./io.ts";
export { PROGRAM, runProgram } from "./program.ts";
export { VERSION } from "./version.ts";
