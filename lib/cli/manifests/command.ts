/** `manifests`: prints what is applied to a cluster to run the controller there. */

import {
  Command,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from "@commander-js/extra-typings";
import type { CommandIo } from "../io.ts";
import { namespaceName, namespaceNames, wholeNumber } from "../option.ts";
import { DEFAULT_INSTALL, PARTS } from "./options.ts";

/** Most instances that make sense: one works, the others wait. */
const MAX_REPLICAS = 10;

/** Prints manifests; it talks to no cluster. */
export function manifestsCommand(io: CommandIo): CommandUnknownOpts {
  return new Command("manifests")
    .description("print the manifests of an installation, for kubectl apply -f -")
    .option(
      "-n, --namespace <name>",
      "namespace that the controller runs in; it is created",
      namespaceName,
      DEFAULT_INSTALL.namespace,
    )
    .option("--image <image>", "image of the controller", imageName, DEFAULT_INSTALL.image)
    .option(
      "--replicas <number>",
      "instances; one works, the others wait to take over",
      wholeNumber(0, MAX_REPLICAS),
      DEFAULT_INSTALL.replicas,
    )
    .option(
      "--watch-namespace <name>",
      "serve only this namespace, with rights in no other one; may be repeated (default: all)",
      namespaceNames,
    )
    .option(
      "--namespaced",
      "leave out what is in no namespace: the CRD, the namespace, ClusterRoles (with --watch-namespace)",
      false,
    )
    .addOption(
      new Option("--only <part>", "print one part").choices(PARTS),
    )
    .addHelpText(
      "after",
      `
Namespaces given with --watch-namespace must exist; the controller gets a Role in each of them and
no rights on the cluster. Without it, it gets a ClusterRole. With --namespaced the namespace that it
runs in must exist too, and the CRD must have been applied (--only crd).

Examples:
  bitcoin-controller manifests | kubectl apply -f -
  bitcoin-controller manifests --image registry.example.com/bitcoin-controller:1 --replicas 3
  bitcoin-controller manifests --watch-namespace team-a --watch-namespace team-b
  bitcoin-controller manifests -n team-a --watch-namespace team-a --namespaced
  bitcoin-controller manifests --only crd | kubectl diff -f -
  bitcoin-controller manifests | kubectl delete -f -   # with all networks of the cluster`,
    )
    .action(async (parsed, command) => {
      const { namespace, image, replicas, watchNamespace = [], namespaced, only } = parsed;
      if (namespaced && watchNamespace.length === 0) {
        command.error(
          "error: --namespaced needs --watch-namespace: rights in all namespaces are a ClusterRole",
        );
      }
      if (namespaced && only === "crd") {
        command.error("error: --namespaced leaves out the CRD: --only crd would print nothing");
      }
      const { installObjects, yamlOf } = await import("./mod.ts");
      const options = { namespace, image, replicas, watchNamespaces: watchNamespace };
      io.out(yamlOf(installObjects({ ...options, isNamespaced: namespaced }, only && [only])));
    });
}

/** Parses the name of an image: host and port, path, tag, digest. */
function imageName(text: string): string {
  if (!/^\w[\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@\w+:\w+)?$/.test(text)) {
    throw new InvalidArgumentError("It must be the name of an image, such as example.com/a/b:1.");
  }
  return text;
}
