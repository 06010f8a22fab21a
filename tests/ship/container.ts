/** Runs a container of a Deployment in containerd as a kubelet would: what its pod template asks for, and no more. */

import assert from "node:assert/strict";
import type { PodSpec } from "kubernetes-types/core/v1.d.ts";
import { eventually } from "../support/eventually.ts";
import type { Containerd } from "./containerd.ts";

/** What containerd gives a container that asks for nothing (containerd, `oci/spec.go`). */
const DEFAULT_CAPABILITIES = [
  "CHOWN",
  "DAC_OVERRIDE",
  "FSETID",
  "FOWNER",
  "MKNOD",
  "NET_RAW",
  "SETGID",
  "SETUID",
  "SETFCAP",
  "SETPCAP",
  "NET_BIND_SERVICE",
  "SYS_CHROOT",
  "KILL",
  "AUDIT_WRITE",
];

/** What a kubelet adds to a pod template. */
export interface ContainerOptions {
  /** Name of the image in containerd. */
  readonly image: string;
  /** Its program, which `ctr` must be told together with its arguments. */
  readonly entrypoint: readonly string[];
  /** Further arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Folders of this machine by where they are mounted, for reading. */
  readonly mounts: Readonly<Record<string, string>>;
}

/** A container that runs. */
export interface Container {
  /** Folder of its process in `/proc`. */
  readonly proc: string;
  /** When its program was started, in ms since 1970. */
  readonly startedAtMs: number;
  /** All that it has written so far. */
  readonly log: () => string;
  /** Its exit code. */
  readonly exited: Promise<number>;
  /** Sends a signal. */
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
}

/** The arguments of `ctr run` for the first container of a pod. */
export function ctrFlags(pod: PodSpec, { env, mounts }: ContainerOptions): readonly string[] {
  const security = pod.containers[0]?.securityContext;
  // What ctr does without being asked, or cannot be asked for: the user is that of the image.
  assert.equal(security?.allowPrivilegeEscalation, false);
  assert.equal(pod.securityContext?.runAsNonRoot, true);
  const dropped = security?.capabilities?.drop?.includes("ALL") ? DEFAULT_CAPABILITIES : [];
  const seccomp = pod.securityContext?.seccompProfile?.type === "RuntimeDefault";
  return [
    // Neither does it set up networks, and the API server and the nodes are on loopback.
    "--net-host",
    "--snapshotter=native",
    ...(security?.readOnlyRootFilesystem ? ["--read-only"] : []),
    ...(seccomp ? ["--seccomp"] : []),
    ...dropped.map((capability) => `--cap-drop=CAP_${capability}`),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ...Object.entries(mounts).map(([path, folder]) =>
      `--mount=type=bind,src=${folder},dst=${path},options=rbind:ro`
    ),
  ];
}

/** Runs the first container of a pod; it ends with its containerd at the latest. */
export async function runContainer(
  containerd: Containerd,
  pod: PodSpec,
  options: ContainerOptions,
): Promise<Container> {
  const id = `controller-${crypto.randomUUID().slice(0, 8)}`;
  const pidFile = await Deno.makeTempFile({ prefix: "container-" });
  const args = [...options.entrypoint, ...(pod.containers[0]?.args ?? []), ...options.args];
  const child = containerd.ctrCommand([
    "run",
    "--rm",
    `--pid-file=${pidFile}`,
    ...ctrFlags(pod, options),
    options.image,
    id,
    ...args,
  ]).spawn();
  let log = "";
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) log += part;
  };
  const exited = Promise.all([child.status, read(child.stdout), read(child.stderr)])
    .then(([{ code }]) => code);
  let ended: number | undefined;
  void exited.then((code) => ended = code);
  try {
    const proc = await eventually(async () => {
      if (ended !== undefined) throw new Error(`The container ended with ${ended}:\n${log}`);
      const pid = await Deno.readTextFile(pidFile);
      return pid !== "" && containerd.procOf(Number(pid));
    }, { what: "the container's process", timeoutMs: 20_000 });
    return {
      proc,
      startedAtMs: await whenStarted(proc),
      log: () => log,
      exited,
      kill: async (signal) => void await containerd.ctr("tasks", "kill", `--signal=${signal}`, id),
    };
  } finally {
    await Deno.remove(pidFile);
  }
}

/** When the process that runc has set up becomes the program: its name changes with `exec`. To a millisecond or two. */
async function whenStarted(proc: string): Promise<number> {
  const end = performance.now() + 20_000;
  while ((await Deno.readTextFile(`${proc}/comm`)).startsWith("runc")) {
    if (performance.now() > end) throw new Error("runc does not start the program");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Date.now();
}
