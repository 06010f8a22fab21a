import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { runProgram } from "../../lib/cli/mod.ts";
import { fakeIo } from "../support/fake_io.ts";
import { failure, ScriptedServer } from "../support/scripted_server.ts";

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = fakeIo();
  const code = await runProgram(args, io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

Deno.test("runProgram() prints help with examples and exits 0 when it is asked for help", async () => {
  for (const args of [["--help"], ["help"], ["help", "demo"], ["run", "--help"]]) {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 0, args.join(" "));
    assert.match(stdout, /Usage: bitcoin-controller/);
    assert.match(stdout, /Examples:/);
    assert.equal(stderr, "");
  }
});

Deno.test("runProgram() prints help on standard error and exits 2 when there is no command", async () => {
  const { code, stdout, stderr } = await run();
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /Usage: bitcoin-controller/);
});

Deno.test("runProgram() prints the version of deno.json", async () => {
  const command = await run("version");
  assert.equal(command.code, 0);
  assert.ok(
    command.stdout.startsWith(`bitcoin-controller ${config.version} (Deno ${Deno.version.deno}`),
  );
  const flag = await run("--version");
  assert.equal(flag.code, 0);
  assert.equal(flag.stdout, `bitcoin-controller ${config.version}\n`);
});

const USAGE_ERRORS: readonly (readonly [args: string[], message: RegExp])[] = [
  [["dmeo"], /unknown command 'dmeo'\n\(Did you mean demo\?\)/],
  [["demo", "--node", "3"], /unknown option '--node'\n\(Did you mean --nodes\?\)/],
  [["demo", "extra"], /too many arguments/],
  [["demo", "--nodes"], /option '--nodes <number>' argument missing/],
  [["demo", "--nodes", "-1"], /whole number from 0 to 100/],
  [["demo", "--nodes", "101"], /whole number from 0 to 100/],
  [["demo", "--nodes", "3.5"], /whole number from 0 to 100/],
  [["demo", "--block-interval", "soon"], /number of seconds/],
  [["demo", "--json"], /option '--json' needs '--story'/],
  [["run", "--poll", "0"], /number of seconds from 1 to 3600/],
  [["demo", "--story", "--nodes", "2"], /'--story' cannot be used with option '--nodes <number>'/],
  [["run", "--namespace", ""], /'' is invalid. It must be at most 63 lower-case letters/],
  [["run", "--namespace", "Team_A"], /'Team_A' is invalid. It must be at most 63 lower-case/],
  [["run", "--lease-namespace", "a.b"], /'a\.b' is invalid. It must be at most 63 lower-case/],
  [["run", "--peer-addresses", "dns"], /Allowed choices are name, ip/],
  [["run", "--lease-duration", "7.5"], /whole number from 1 to 3600/],
  [
    ["run", "--lease-duration", "10"],
    /lease duration \(10 s\) must be longer than the renew deadline/,
  ],
  [["run", "--retry-period", "9"], /must be longer than 1.2 times the retry period \(9 s\)/],
  [["run", "--listen", "8080"], /It must be HOST:PORT, \[IPV6\]:PORT, :PORT or off/],
  [["run", "--log-level", "loud"], /Allowed choices are debug, info, warning, error/],
  [["completions", "tcsh"], /Allowed choices are zsh, bash, fish, powershell/],
  [["run", "--lease-name", ""], /'--lease-name <name>' argument '' is invalid.*must not be empty/],
  [["run", "--lease-namespace", ""], /'--lease-namespace <name>' argument '' is invalid/],
];

for (const [args, message] of USAGE_ERRORS) {
  Deno.test(`runProgram() exits 2 and says why for '${args.join(" ")}'`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.match(stderr, /\n\(add --help for the options\)\n$/);
  });
}

Deno.test("runProgram() exits 1 and names the file when the kubeconfig cannot be read", async () => {
  const { code, stdout, stderr } = await run("run", "--kubeconfig", "/nonexistent/config");
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /^bitcoin-controller: .*'\/nonexistent\/config'/);
  assert.doesNotMatch(stderr, /\bat .*\.ts/, "an expected error has no stack");
});

for (const command of ["run", "demo"]) {
  Deno.test(`runProgram() exits 1 and names the server and the context when the server refuses the token of '${command}'`, async () => {
    await using server = new ScriptedServer();
    server.answer(failure(401, "Unauthorized"));
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(
      file,
      JSON.stringify({
        "current-context": "mine",
        clusters: [{ name: "a", cluster: { server: server.url } }],
        users: [{ name: "a", user: { token: "no-good" } }],
        contexts: [{ name: "mine", context: { cluster: "a", user: "a" } }],
      }),
    );
    const { code, stderr } = await run(command, "--kubeconfig", file);
    await Deno.remove(file);
    assert.equal(code, 1);
    assert.ok(stderr.includes(`'${server.url}' of context 'mine'`), stderr);
    assert.match(stderr, /Unauthorized/);
    assert.doesNotMatch(stderr, /no-good/);
  });
}
