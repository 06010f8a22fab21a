/** Runs the compiled binary as a user would and fails on the first thing that is not as the README says. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

const BINARY = "dist/bitcoin-controller";

interface Expectation {
  readonly args: readonly string[];
  readonly code: number;
  readonly output: RegExp;
}

const EXPECTATIONS: readonly Expectation[] = [
  { args: ["version"], code: 0, output: /^bitcoin-controller \d+\.\d+\.\d+/ },
  { args: ["--help"], code: 0, output: /Usage: bitcoin-controller/ },
  { args: ["dmeo"], code: 2, output: /unknown command 'dmeo'[^]*Did you mean demo/ },
  { args: ["run", "--kubeconfig", "/nonexistent"], code: 1, output: /\/nonexistent/ },
  { args: ["manifests", "--only", "rbac"], code: 0, output: /^kind: ClusterRoleBinding$/m },
  { args: ["demo", "--story", "--json", "--bitcoind", "fake"], code: 0, output: /"ok": *true/ },
];

for (const { args, code, output } of EXPECTATIONS) {
  const result = await new Deno.Command(BINARY, { args: [...args] }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(result.stdout) + decoder.decode(result.stderr);
  const line = `${BINARY} ${args.join(" ")}`;
  if (result.code !== code || !output.test(text)) {
    console.error(
      `not ok: ${line}: exit code ${result.code}, expected ${code} and ${output}\n${text}`,
    );
    Deno.exit(1);
  }
  console.log(`ok: ${line}`);
}
