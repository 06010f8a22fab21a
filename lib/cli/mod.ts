/**
 * The commands of the program. Enter by {@linkcode runProgram}: a command line in, an exit code out. What `manifests`
 * prints is also written into the repository, by {@linkcode installObjects}.
 *
 * @module
 */

export * from "./exit_code.ts";
export * from "./io.ts";
export {
  DEFAULT_INSTALL,
  installObjects,
  type InstallOptions,
  ONE_NAMESPACE_INSTALL,
  type Part,
  PARTS,
} from "./manifests/install.ts";
export { CONTROLLER, ROLE, ROLE_BINDING } from "./manifests/names.ts";
export { yamlOf } from "./manifests/yaml.ts";
export { giveUp, type Permission } from "./permission.ts";
export { PROGRAM, runProgram } from "./program.ts";
export { VERSION } from "./version.ts";
