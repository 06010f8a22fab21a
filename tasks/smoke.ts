/**
 * Runs the compiled binary as a user would and fails on the first thing that is not as the README says. It runs in an
 * empty folder that is its home too, without a PATH and any other variable: it must need nothing beside it.
 */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import config from "../deno.json" with { type: "json" };
import { TLS, TLS_FOLDER } from "../tests/kube/_tls_files.ts";
import { failure } from "../tests/support/scripted_server.ts";
import { commitOfWorkingCopy } from "./_commit.ts";
import { sha256Of } from "./_checksums.ts";

const BINARY = "dist/bitcoin-controller";

interface Expectation {
  readonly args: readonly string[];
  readonly code: number;
  readonly output: RegExp;
  /** Environment variables besides `HOME`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of its folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A kubeconfig whose user gets its credentials from a program that does not give any. */
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: one
contexts: [{ name: one, context: { cluster: one, user: one } }]
clusters: [{ name: one, cluster: { server: "https://127.0.0.1:1" } }]
users:
  - name: one
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: /bin/sh
        args: ["-c", "echo no credentials today >&2; exit 3"]
        interactiveMode: Never
`;

/** An API server that lets nobody in. */
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, ...TLS.server, onListen() {} },
  () => failure(403, "Forbidden"),
);
/** Reaches it under another name than its URL has, which `fetch` cannot. */
const OTHER_NAME = `apiVersion: v1
kind: Config
current-context: one
contexts: [{ name: one, context: { cluster: one, user: one } }]
clusters:
  - name: one
    cluster:
      server: "https://127.0.0.1:${server.addr.port}"
      tls-server-name: localhost
      certificate-authority: "${TLS_FOLDER}ca.crt"
users: [{ name: one, user: { token: none } }]
`;

const commit = await commitOfWorkingCopy();
const version = `${config.version} (${commit === undefined ? "" : `commit ${commit}, `}Deno `;

const EXPECTATIONS: readonly Expectation[] = [
  { args: ["version"], code: 0, output: new RegExp(`^bitcoin-controller ${literally(version)}`) },
  { args: ["--help"], code: 0, output: /Usage: bitcoin-controller/ },
  { args: ["dmeo"], code: 2, output: /unknown command 'dmeo'[^]*Did you mean demo/ },
  { args: ["completions", "bash"], code: 0, output: /bash completion for bitcoin-controller/ },
  { args: ["run"], code: 1, output: /Cannot find an API server: no kubeconfig is given/ },
  { args: ["run", "--kubeconfig", "/nonexistent"], code: 1, output: /\/nonexistent/ },
  {
    args: ["run", "--kubeconfig", "config"],
    code: 1,
    output: /\/bin\/sh[^]*no credentials today/,
    files: { config: KUBECONFIG },
  },
  {
    args: ["run", "--kubeconfig", "config"],
    code: 1,
    output: /the message of Forbidden/,
    files: { config: OTHER_NAME },
  },
  { args: ["manifests", "--only", "rbac"], code: 0, output: /^kind: ClusterRoleBinding$/m },
  { args: ["demo", "--story", "--json", "--bitcoind", "fake"], code: 0, output: /"ok": *true/ },
  // A real one where there is one; it finds it on the PATH.
  {
    args: ["demo", "--story", "--json", "--bitcoind", "auto"],
    code: 0,
    output: /"ok": *true/,
    env: { PATH: Deno.env.get("PATH") ?? "" },
  },
];

const program = await Deno.realPath(BINARY).catch(() => {
  console.error(`Cannot find '${BINARY}'; run \`deno task build\` first`);
  Deno.exit(1);
});
const sums = await Deno.readTextFile("dist/SHA256SUMS");
check("dist/SHA256SUMS", sums.includes(`${await sha256Of(BINARY)}  bitcoin-controller\n`), sums);
for (const { args, code, output, env = {}, files = {} } of EXPECTATIONS) {
  const home = await Deno.makeTempDir({ prefix: "smoke-" });
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${home}/${name}`, text);
  }
  const result = await new Deno.Command(program, {
    args: [...args],
    cwd: home,
    clearEnv: true,
    env: { HOME: home, ...env },
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(result.stdout) + decoder.decode(result.stderr);
  const left = await Array.fromAsync(Deno.readDir(home), ({ name }) => name);
  await Deno.remove(home, { recursive: true });
  check(
    `${BINARY} ${args.join(" ")}`,
    result.code === code && output.test(text) && left.join() === Object.keys(files).join(),
    `exit code ${result.code}, expected ${code} and ${output}; in its folder: ${left}\n${text}`,
  );
}
await server.shutdown();

function check(what: string, holds: boolean, otherwise: string): void {
  if (holds) return console.log(`ok: ${what}`);
  console.error(`not ok: ${what}: ${otherwise}`);
  Deno.exit(1);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
