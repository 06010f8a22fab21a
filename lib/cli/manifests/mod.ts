/**
 * The manifests of an installation, which `manifests` prints and the repository has: {@linkcode installObjects} makes
 * the objects, {@linkcode yamlOf} writes them.
 *
 * @module
 */

export { installObjects } from "./install.ts";
export { CONTROLLER, ROLE, ROLE_BINDING } from "./names.ts";
export {
  DEFAULT_INSTALL,
  type InstallOptions,
  ONE_NAMESPACE_INSTALL,
  type Part,
  PARTS,
} from "./options.ts";
export { yamlOf } from "./yaml.ts";
