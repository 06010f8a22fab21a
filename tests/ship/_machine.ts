/** What Linux tells of processes, mounts and control groups, and how they are tidied up. */

import { eventually } from "../support/eventually.ts";

/** How a command ended. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function output(command: Deno.Command): Promise<Output> {
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The process that another one has started, if there is one. */
export async function childOf(parent: number): Promise<number | undefined> {
  for (const pid of await processes()) {
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    if (new RegExp(`^PPid:\\s*${parent}$`, "m").test(status)) return pid;
  }
  return undefined;
}

/** The lines of a process's `/proc/…/status`, by their names. */
export async function statusOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await Deno.readTextFile(`${folder}/status`)).trim().split("\n");
  return new Map(lines.map((line) => {
    const [name = "", value = ""] = line.split(":", 2);
    return [name, value.trim().replaceAll(/\s+/g, " ")];
  }));
}

/** Removes the control groups of containerd's namespace: they stay when their processes are killed. */
export async function removeCgroups(namespace: string): Promise<void> {
  for (const group of await cgroupsOf(namespace)) {
    for await (const { name, isDirectory } of Deno.readDir(group)) {
      if (isDirectory) await removeCgroup(`${group}/${name}`);
    }
    await removeCgroup(group);
  }
}

/** What is left of something that ran: processes, mounts and control groups that have one of these texts in their names. */
export async function leftOf(texts: readonly string[]): Promise<readonly string[]> {
  const isOurs = (line: string): boolean => texts.some((text) => line.includes(text));
  const commands = await Promise.all(
    (await processes()).map((pid) => Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "")),
  );
  const mounts = (await Deno.readTextFile("/proc/self/mountinfo")).split("\n");
  const groups = await Promise.all(texts.map(cgroupsOf));
  return [...commands.filter(isOurs), ...mounts.filter(isOurs), ...groups.flat()];
}

/** The kernel needs a moment to see that the last process has ended. */
async function removeCgroup(path: string): Promise<void> {
  await eventually(
    () => Deno.remove(path).then(() => true, (error) => error instanceof Deno.errors.NotFound),
    { what: `control group '${path}' to be empty`, timeoutMs: 10_000 },
  );
}

/** In the first version there is one for each controller, in the second one in all. */
async function cgroupsOf(namespace: string): Promise<readonly string[]> {
  const root = "/sys/fs/cgroup";
  const paths = [`${root}/${namespace}`];
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    if (isDirectory) paths.push(`${root}/${name}/${namespace}`);
  }
  const there = await Promise.all(
    paths.map((path) => Deno.stat(path).then(() => true, () => false)),
  );
  return paths.filter((_, index) => there[index]);
}

async function processes(): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) found.push(Number(name));
  }
  return found;
}
