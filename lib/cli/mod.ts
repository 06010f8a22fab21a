/**
 * The commands of the program. Enter by {@linkcode runProgram}: a command line in, an exit code out. What `manifests`
 * prints is in `manifests/mod.ts`, which a controller that starts does not load.
 *
 * @module
 */

export * from "./exit_code.ts";
export * from "./io.ts";
export { giveUp, type Permission } from "./permission.ts";
export { PROGRAM, runProgram } from "./program.ts";
export { VERSION } from "./version.ts";
