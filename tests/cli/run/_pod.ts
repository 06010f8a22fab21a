/** `run` in a pod that is in memory alone: its files, its variables, and an API server on the loopback. */

import { runProgram } from "../../../lib/cli/mod.ts";
import { type FakeIo, fakeIo } from "../../support/fake_io.ts";

/** Where the kubelet mounts the service account. */
export const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What is in the pod. */
export interface Pod {
  /** Texts, or errors that reading them fails with, by path. */
  readonly files: Readonly<Record<string, string | Error>>;
  readonly env: Readonly<Record<string, string>>;
}

/** A pod as it should be, for an API server on this machine. */
export function podFor(port: number | string, ca: string): Pod {
  return {
    files: { [`${ACCOUNT}/ca.crt`]: ca, [`${ACCOUNT}/token`]: "t", [`${ACCOUNT}/namespace`]: "ns" },
    env: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: `${port}` },
  };
}

/** The outside of a command in a pod. */
export function ioOf({ files, env }: Pod, signal = new AbortController().signal): FakeIo {
  return fakeIo({
    signal,
    env: (name) => env[name],
    readFile(path) {
      const found = files[path] ?? new Deno.errors.NotFound(`No such file: readfile '${path}'`);
      return typeof found === "string" ? Promise.resolve(found) : Promise.reject(found);
    },
  });
}

/** Runs until it ends by itself; returns the exit code and what it said last. */
export async function runIn(
  pod: Pod,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly lastLine: string; readonly io: FakeIo }> {
  const io = ioOf(pod);
  const code = await runProgram(["run", "--listen", "off", ...args], io);
  return { code, lastLine: io.stderr().trimEnd().split("\n").at(-1) ?? "", io };
}
