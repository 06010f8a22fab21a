/** What `deno task kind` does, step by step, as values: nothing is run here. */

import { VERSION } from "../lib/cli/mod.ts";
import { CONTROLLER, DEFAULT_INSTALL } from "../lib/cli/manifests/mod.ts";
import { DEFAULT_IMAGE } from "../lib/network/mod.ts";
import type { Step } from "./_steps.ts";

/** What kind runs its nodes with. */
export type Engine = "docker" | "podman";

/** How a program that is needed is on this machine: usable, or why not. */
export type Usable = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** The programs that a cluster is made with. */
export interface Tools {
  readonly kind: Usable;
  readonly kubectl: Usable;
  readonly docker: Usable;
  readonly podman: Usable;
}

/** What a person asks for. */
export interface KindOptions {
  /** Name of the cluster. */
  readonly name: string;
  /** The controller's image, if it is not to be built from this folder. */
  readonly image?: string | undefined;
  /** Image of the nodes. */
  readonly bitcoind: string;
  /** Version of Kubernetes, such as `v1.34.0`; that of this kind if absent. */
  readonly kubernetes?: string | undefined;
}

/** What is known before the first step. */
export interface KindState {
  readonly engine: Engine;
  /** Whether a cluster of that name is there. */
  readonly isThere: boolean;
  /** Images that the engine has already. */
  readonly localImages: readonly string[];
  /** A folder for files in between; it is removed at the end. */
  readonly folder: string;
  /** What is applied: the manifests of the controller with its image, and a network. */
  readonly manifests: (image: string) => string;
  readonly sample: string;
  /** Name of that network. */
  readonly network: string;
}

/** What images are loaded of. */
type Loaded = "controller" | "bitcoind";

/** The defaults of the options. */
export const DEFAULTS = { name: CONTROLLER, bitcoind: DEFAULT_IMAGE } as const;

/** The image that is built. With a host in its name it is called the same by docker, by podman and in the cluster. */
export const BUILT_IMAGE: string = `localhost/${CONTROLLER}:${VERSION}`;

/** What is missing to make a cluster, or to remove one, and what to install; empty if nothing is. */
export function problemsOf({ kind, kubectl, docker, podman }: Tools, isDown: boolean): string[] {
  const problems: string[] = [];
  if (!kind.ok) {
    problems.push(
      `kind: ${kind.why}. Install it: https://kind.sigs.k8s.io/docs/user/quick-start#installation, ` +
        "or `go install sigs.k8s.io/kind@latest`",
    );
  }
  if (!kubectl.ok && !isDown) {
    problems.push(`kubectl: ${kubectl.why}. Install it: https://kubernetes.io/docs/tasks/tools`);
  }
  if (!docker.ok && !podman.ok) {
    problems.push(
      `docker: ${docker.why}; podman: ${podman.why}. One of them must run: ` +
        "https://docs.docker.com/engine/install, or `apt-get install podman`",
    );
  }
  return problems;
}

/** The engine that kind is to use: docker, unless only podman can be used. */
export function engineOf({ docker }: Tools): Engine {
  return docker.ok ? "docker" : "podman";
}

/** The environment of kind, which takes docker unless it is told otherwise. */
export function kindEnv(engine: Engine): Readonly<Record<string, string>> {
  return engine === "docker" ? {} : { KIND_EXPERIMENTAL_PROVIDER: engine };
}

/** The context that kind makes in the kubeconfig. */
export function contextOf(cluster: string): string {
  return `kind-${cluster}`;
}

/** From nothing, or from a cluster that is there, to a network that is Ready. */
export function upSteps(options: KindOptions, state: KindState): Step[] {
  const { name, image = BUILT_IMAGE, bitcoind } = options;
  const isBuilt = options.image === undefined;
  return [
    ...(isBuilt ? buildSteps(state) : []),
    ...clusterSteps(options, state),
    ...(isBuilt
      ? [loadStep("controller", name, state)]
      : [...fetchSteps("controller", image, state), loadStep("controller", name, state)]
        .map((step) => asOptional(step, "controller"))),
    ...[...fetchSteps("bitcoind", bitcoind, state), loadStep("bitcoind", name, state)]
      .map((step) => asOptional(step, "bitcoind")),
    ...installSteps(name, image, state),
    ...networkSteps(name, state),
  ];
}

/** Removes the cluster with all that is in it. */
export function downSteps({ name }: Pick<KindOptions, "name">, engine: Engine): Step[] {
  return [{
    title: `Remove the cluster '${name}'`,
    command: ["kind", "delete", "cluster", `--name=${name}`],
    env: kindEnv(engine),
  }];
}

/** Commands to try, each with what is to be seen. */
export function tryLines(cluster: string, network: string): string[] {
  const kubectl = `kubectl --context ${contextOf(cluster)}`;
  const cli = "bitcoin-cli -regtest -conf=/bitcoin.conf";
  return [
    `${kubectl} get btcnet --watch`,
    `${kubectl} delete pod ${network}-sts-1`,
    `${kubectl} scale btcnet/${network} --replicas=5`,
    `${kubectl} exec ${network}-sts-0 -- ${cli} createwallet miner`,
    `${kubectl} exec ${network}-sts-0 -- ${cli} -generate 101`,
    `${kubectl} -n ${DEFAULT_INSTALL.namespace} logs deployment/${CONTROLLER} -f`,
    `deno task kind${cluster === DEFAULTS.name ? "" : ` --name ${cluster}`} --down`,
  ];
}

function buildSteps({ folder }: KindState): Step[] {
  const output = `--output=${folder}/controller.tar`;
  return [
    { title: "Compile the controller", command: [Deno.execPath(), "task", "build"] },
    {
      title: "Make its image",
      command: [Deno.execPath(), "task", "image", `--name=${BUILT_IMAGE}`, output],
    },
  ];
}

function clusterSteps({ name, kubernetes }: KindOptions, { engine, isThere }: KindState): Step[] {
  const env = kindEnv(engine);
  if (isThere) {
    return [{
      title: `Use the cluster '${name}', which is there`,
      command: ["kind", "export", "kubeconfig", `--name=${name}`],
      env,
    }];
  }
  const image = kubernetes === undefined ? [] : [`--image=kindest/node:${kubernetes}`];
  return [{
    title: `Create the cluster '${name}'`,
    command: ["kind", "create", "cluster", `--name=${name}`, "--wait=3m", ...image],
    env,
    hint: `What there is of it \`deno task kind --name ${name} --down\` removes`,
  }];
}

/** An image as a file, pulled if it is not here. */
function fetchSteps(
  what: Loaded,
  image: string,
  { engine, localImages, folder }: KindState,
): Step[] {
  const name = engine === "podman" ? withRegistry(image) : image;
  const format = engine === "podman" ? ["--format=docker-archive"] : [];
  const save: Step = {
    title: `Save the image '${image}'`,
    command: [engine, "save", ...format, `--output=${folder}/${what}.tar`, name],
  };
  if (localImages.includes(image)) return [save];
  return [{ title: `Pull the image '${image}'`, command: [engine, "pull", name] }, save];
}

/** A name in full: podman does not guess where an image comes from. */
export function withRegistry(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length > 0 && (/[.:]/.test(first) || first === "localhost")) return image;
  return `docker.io/${rest.length > 0 ? "" : "library/"}${image}`;
}

function loadStep(what: Loaded, cluster: string, { engine, folder }: KindState): Step {
  return {
    title: `Load the image of ${what === "bitcoind" ? "bitcoind" : "the controller"}`,
    command: ["kind", "load", "image-archive", `${folder}/${what}.tar`, `--name=${cluster}`],
    env: kindEnv(engine),
  };
}

/** The cluster can pull an image of a registry itself, it only takes longer. */
function asOptional(step: Step, what: Loaded): Step {
  return { ...step, optional: { part: what, otherwise: "the cluster pulls the image itself" } };
}

function installSteps(cluster: string, image: string, state: KindState): Step[] {
  const kubectl = ["kubectl", `--context=${contextOf(cluster)}`];
  const own = [...kubectl, `--namespace=${DEFAULT_INSTALL.namespace}`];
  const deployment = `deployment/${CONTROLLER}`;
  return [
    {
      title: "Install the controller",
      command: [...kubectl, "apply", "--filename=-"],
      stdin: state.manifests(image),
    },
    // The image may be another one of the same name.
    ...(state.isThere
      ? [{
        title: "Start it anew, from the image that was loaded",
        command: [...own, "rollout", "restart", deployment],
      }]
      : []),
    {
      title: "Wait until it runs",
      command: [...own, "rollout", "status", deployment, "--timeout=3m"],
      diagnose: [
        [...own, "get", "pods", "--output=wide"],
        [...own, "get", "events", "--sort-by=.lastTimestamp"],
        [...own, "logs", deployment, "--tail=20"],
      ],
    },
  ];
}

function networkSteps(cluster: string, { sample, network }: KindState): Step[] {
  const kubectl = ["kubectl", `--context=${contextOf(cluster)}`, "--namespace=default"];
  const named = `btcnet/${network}`;
  const conditions =
    '{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\\n"}{end}';
  return [
    {
      title: `Apply the network '${network}'`,
      command: [...kubectl, "apply", "--filename=-"],
      stdin: sample,
    },
    {
      title: "Wait until it is Ready",
      command: [...kubectl, "wait", "--for=condition=Ready", named, "--timeout=10m"],
      diagnose: [
        [...kubectl, "get", named, `--output=jsonpath=${conditions}`],
        [...kubectl, "get", "pods", "--output=wide"],
      ],
    },
  ];
}
