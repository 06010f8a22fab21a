import assert from "node:assert/strict";
import { join } from "node:path";

import { ProcessRuntime } from "../../../lib/embedded/kubelet/process_runtime.ts";
import {
  type ContainerConfig,
  type ContainerExit,
  ContainerStartError,
} from "../../../lib/embedded/kubelet/runtime.ts";
import { eventually } from "../../support/eventually.ts";
import { temporaryFolder } from "../../support/temporary_folder.ts";

const never = new AbortController().signal;
const runtime = new ProcessRuntime();

function configOf(folder: string, config: Partial<ContainerConfig>): ContainerConfig {
  return {
    pod: { namespace: "ns", name: "p", uid: "u" },
    name: "c",
    image: "i",
    command: [],
    env: {},
    ip: "127.1.0.2",
    hostDir: join(folder, "host"),
    mounts: [],
    log: () => {},
    ...config,
  };
}

/** Runs a shell script to its end. */
async function run(
  folder: string,
  script: string,
  config: Partial<ContainerConfig> = {},
): Promise<{ exit: ContainerExit; lines: string[] }> {
  const lines: string[] = [];
  const command = ["sh", "-c", script];
  const all = configOf(folder, { command, log: (line) => lines.push(line), ...config });
  const running = await runtime.start(all, never);
  return { exit: await running.exited, lines };
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and waits for its parent to notice is not alive.
    return !Deno.readTextFileSync(`/proc/${pid}/stat`).includes(") Z ");
  } catch {
    return false;
  }
}

Deno.test("ProcessRuntime.start() runs a command with its arguments and logs what it writes", async () => {
  await using folder = await temporaryFolder();
  const { exit, lines } = await run(folder.path, "echo out; echo err >&2; printf 'no end'");
  assert.deepEqual(exit, { exitCode: 0 });
  assert.deepEqual(lines.toSorted(), ["err", "no end", "out"]);
});

Deno.test("ProcessRuntime.start() gives the container its own environment, PATH, HOME and no more", async () => {
  await using folder = await temporaryFolder();
  const { lines } = await run(folder.path, "env", { env: { A: "http://localhost:1", B: "x=y" } });
  const shell = ["PWD", "SHLVL", "_", "OLDPWD"]; // Set by the shell itself.
  const env = Object.fromEntries(
    lines.map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)])
      .filter(([name]) => !shell.includes(name ?? "")),
  );
  assert.deepEqual(env, {
    A: "http://127.1.0.2:1",
    B: "x=y",
    HOME: join(folder.path, "host/home"),
    PATH: Deno.env.get("PATH"),
  });
});

Deno.test("ProcessRuntime.start() maps paths and addresses in arguments and configuration", async () => {
  await using folder = await temporaryFolder();
  const volume = join(folder.path, "volumes");
  await Deno.mkdir(join(volume, "data"), { recursive: true });
  await Deno.mkdir(join(volume, "conf/sub"), { recursive: true });
  await Deno.writeTextFile(join(volume, "conf/c"), "dir=/data\nbind=0.0.0.0\nallow=0.0.0.0/0\n");
  await Deno.chmod(join(volume, "conf/c"), 0o400);
  await Deno.writeTextFile(join(volume, "conf/sub/d"), "/conf/c");
  const mounts = [
    { containerPath: "/data", hostPath: join(volume, "data") },
    { containerPath: "/conf", hostPath: join(volume, "conf"), config: true },
  ];
  const { lines, exit } = await run(
    folder.path,
    "cat /conf/c; cat $(cat /conf/sub/d) >/data/copy; pwd; echo 127.0.0.1",
    { mounts, workingDir: "/data" },
  );
  assert.deepEqual(exit, { exitCode: 0 });
  const data = join(volume, "data");
  const conf = [`dir=${data}`, "bind=127.1.0.2", "allow=0.0.0.0/0"];
  assert.deepEqual(lines, [...conf, data, "127.1.0.2"]);
  assert.equal(await Deno.readTextFile(join(data, "copy")), `${conf.join("\n")}\n`);
  assert.match(await Deno.readTextFile(join(volume, "conf/c")), /dir=\/data/);
});

const EXITS: readonly (readonly [script: string, exit: ContainerExit])[] = [
  ["exit 7", { exitCode: 7 }],
  ["kill -TERM $$", { exitCode: 143 }],
  ["kill -KILL $$", { exitCode: 137 }],
];

for (const [script, exit] of EXITS) {
  Deno.test(`RunningContainer.exited is ${exit.exitCode} after '${script}'`, async () => {
    await using folder = await temporaryFolder();
    assert.deepEqual((await run(folder.path, script)).exit, exit);
  });
}

Deno.test("ProcessRuntime.start() passes on invalid UTF-8, long lines and much output", async () => {
  await using folder = await temporaryFolder();
  const { lines } = await run(
    folder.path,
    String
      .raw`printf 'a\377b\n'; head -c 40000 /dev/zero | tr '\0' x; echo; yes line | head -n 200000`,
  );
  assert.equal(lines[0], "a\ufffdb");
  assert.deepEqual(lines.slice(1, 4).map(({ length }) => length), [16384, 16384, 7232]);
  assert.equal(lines.length, 200_004);
});

Deno.test("RunningContainer.kill() with SIGTERM lets the process end as it likes", async () => {
  await using folder = await temporaryFolder();
  const ready = Promise.withResolvers<void>();
  const command = ["sh", "-c", "trap 'exit 3' TERM; echo ready; while :; do sleep 0.01; done"];
  const config = configOf(folder.path, { command, log: () => ready.resolve() });
  const running = await runtime.start(config, never);
  await ready.promise;
  running.kill("SIGTERM");
  assert.deepEqual(await running.exited, { exitCode: 3 });
  running.kill("SIGTERM");
  running.kill("SIGKILL");
});

Deno.test("RunningContainer.kill() with SIGKILL ends all that the process has started", async () => {
  await using folder = await temporaryFolder();
  const started = Promise.withResolvers<number>();
  const command = ["sh", "-c", "trap '' TERM; sleep 1000 & echo $!; wait"];
  const config = configOf(folder.path, { command, log: (line) => started.resolve(Number(line)) });
  const running = await runtime.start(config, never);
  const child = await started.promise;
  assert.ok(isAlive(child));
  running.kill("SIGTERM");
  running.kill("SIGKILL");
  assert.deepEqual(await running.exited, { exitCode: 137 });
  await eventually(() => !isAlive(child), { what: "the end of the child" });
});

Deno.test("RunningContainer.exited comes although a process that was left behind holds the output", async () => {
  await using folder = await temporaryFolder();
  const { exit, lines } = await run(folder.path, "sleep 1000 & echo $!");
  assert.deepEqual(exit, { exitCode: 0 });
  await eventually(() => !isAlive(Number(lines[0])), { what: "the end of what was left behind" });
});

Deno.test("ProcessRuntime.start() names a command that is not on PATH", async () => {
  await using folder = await temporaryFolder();
  const start = new ProcessRuntime({ path: "/nowhere:/bin" })
    .start(configOf(folder.path, { command: ["no-such-program"] }), never);
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof ContainerStartError);
    assert.equal(error.reason, "RunContainerError");
    assert.match(error.message, /exec: "no-such-program": executable file not found in \$PATH/);
    assert.match(error.message, /add its folder to PATH: \/nowhere:\/bin\)$/);
    return true;
  });
});

const START_FAULTS: readonly (readonly [what: string, Partial<ContainerConfig>, RegExp])[] = [
  ["a path that is not there", { command: ["/no/such"] }, /stat \/no\/such: no such executable/],
  ["a folder", { command: ["/tmp"] }, /stat \/tmp: no such executable/],
  [
    "a working folder that is not there",
    { command: ["true"], workingDir: "/no/such/folder" },
    /exec: "true": .*\/no\/such\/folder/,
  ],
  ["no command", { image: "img:1" }, /no command is given, and there is no image 'img:1' to ask/],
];

for (const [what, config, message] of START_FAULTS) {
  Deno.test(`ProcessRuntime.start() refuses ${what}`, async () => {
    await using folder = await temporaryFolder();
    await assert.rejects(runtime.start(configOf(folder.path, config), never), {
      name: "ContainerStartError",
      message,
    });
  });
}

Deno.test("ProcessRuntime.start() starts nothing when its signal is aborted", async () => {
  await using folder = await temporaryFolder();
  const config = configOf(folder.path, { command: ["sh", "-c", "echo >/data/ran"] });
  const reason = new Error("stop");
  await assert.rejects(runtime.start(config, AbortSignal.abort(reason)), reason);
});

Deno.test("RunningContainer.exec() runs a command in the same place and returns its output", async () => {
  await using folder = await temporaryFolder();
  const command = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.01; done"];
  const running = await runtime.start(configOf(folder.path, { command, env: { A: "1" } }), never);
  const result = await running.exec(["sh", "-c", "echo $A 0.0.0.0; echo e >&2; exit 4"], never);
  assert.equal(result.exitCode, 4);
  assert.deepEqual(result.output.trim().split("\n").sort(), ["1 127.1.0.2", "e"]);
  await assert.rejects(running.exec(["no-such-program"], never), ContainerStartError);
  running.kill("SIGKILL");
  await running.exited;
});

Deno.test("RunningContainer.exec() kills its command when it is aborted or the container ends", async () => {
  await using folder = await temporaryFolder();
  const command = ["sh", "-c", "while :; do sleep 0.01; done"];
  const running = await runtime.start(configOf(folder.path, { command }), never);
  const stop = new AbortController();
  const pidFile = join(folder.path, "pid");
  const hanging = ["sh", "-c", `echo $$ >${pidFile}; exec sleep 1000`];
  const readPid = async (): Promise<number | undefined> => {
    const text = await Deno.readTextFile(pidFile).catch(() => "");
    return Number(text) || undefined;
  };

  const aborted = running.exec(hanging, stop.signal);
  const first = await eventually(readPid);
  const reason = new Error("too late");
  stop.abort(reason);
  await assert.rejects(aborted, reason);
  assert.ok(!isAlive(first));

  await Deno.remove(pidFile);
  const orphaned = running.exec(hanging, never);
  await eventually(readPid);
  running.kill("SIGKILL");
  await running.exited;
  assert.equal((await orphaned).exitCode, 137);
});

Deno.test("RunningContainer.exec() leaves no command behind that came as the container ended", async () => {
  await using folder = await temporaryFolder();
  const running = await runtime.start(configOf(folder.path, { command: ["true"] }), never);
  await running.exited;
  assert.equal((await running.exec(["sleep", "1000"], never)).exitCode, 137);
});

Deno.test("ProcessRuntime leaves nothing behind when the program exits without stopping it", async () => {
  await using folder = await temporaryFolder();
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { ProcessRuntime } from ${url("../../../lib/embedded/kubelet/process_runtime.ts")};
    const log = (line) => { console.log(line); Deno.exit(3); };
    const config = ${JSON.stringify(configOf(folder.path, {}))};
    const command = ["sh", "-c", "echo $$; exec sleep 1000"];
    await new ProcessRuntime().start({ ...config, command, log }, new AbortController().signal);
  `;
  const file = join(folder.path, "program.js");
  await Deno.writeTextFile(file, program);
  const config = join(import.meta.dirname ?? "", "../../../deno.json");
  const args = ["run", "--no-lock", "--config", config, "-A", file];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.equal(code, 3);
  const pid = Number(new TextDecoder().decode(stdout));
  assert.ok(pid > 1);
  await eventually(() => !isAlive(pid), { what: "the end of the container" });
});
