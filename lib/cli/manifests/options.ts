/** What an installation can be like. The objects that come of it are in `install.ts`, which loads much more. */

import { VERSION } from "../version.ts";

/** How the controller is installed. */
export interface InstallOptions {
  /** Namespace that it runs in. */
  readonly namespace: string;
  /** Its image. */
  readonly image: string;
  /** How many instances there are, of which one works. */
  readonly replicas: number;
  /** Namespaces whose networks it serves; all if there is none. */
  readonly watchNamespaces: readonly string[];
  /**
   * Whether to leave out what is in no namespace: the CRD, the namespace itself, and ClusterRoles. Then the installation
   * can be removed without anything of the cluster's.
   *
   * @default {false}
   */
  readonly isNamespaced?: boolean;
}

/** An installation that serves the whole cluster. */
export const DEFAULT_INSTALL: InstallOptions = {
  namespace: "bitcoin-controller",
  image: `bitcoin-controller:${VERSION}`,
  replicas: 2,
  watchNamespaces: [],
};

/** An installation that serves the namespace that it is in, and has no rights elsewhere; what the cluster needs is there. */
export const ONE_NAMESPACE_INSTALL: InstallOptions = {
  ...DEFAULT_INSTALL,
  watchNamespaces: [DEFAULT_INSTALL.namespace],
  isNamespaced: true,
};

/** The parts of an installation, in the order in which they need each other. */
export const PARTS = ["crd", "rbac", "deployment"] as const;

/** One part of an installation. */
export type Part = typeof PARTS[number];
