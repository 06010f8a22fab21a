/** `deno task kind` as a process, with programs that only keep how they are called. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { eventually } from "../support/eventually.ts";
import { type FakeTools, fakeTools } from "../support/fake_tools.ts";

const TASK = fileURLToPath(new URL("../../tasks/kind.ts", import.meta.url));

/** The image is given, so that nothing is compiled. */
const UP = ["--image", "example.com/controller:1"];

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What is left in its folder for temporary files. */
  readonly left: readonly string[];
}

/** Runs it with these programs and no others. */
async function runKind(
  tools: FakeTools,
  args: readonly string[],
  whileItRuns: (child: Deno.ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<Ended> {
  const folder = await Deno.makeTempDir({ prefix: "kind-test-" });
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", TASK, ...args],
      env: { PATH: tools.folder, TMPDIR: folder, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    await whileItRuns(child);
    const { code, stdout, stderr } = await output;
    const left: string[] = [];
    for await (const { name } of Deno.readDir(folder)) left.push(name);
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), left };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Programs that work: no cluster is there, and no image. */
const WORKING = {
  kind: ['[ "$1" = get ] && echo other'],
  kubectl: [],
  docker: ['[ "$1 $2" = "image inspect" ] && exit 1'],
};

Deno.test("deno task kind says what is missing and what to install, and does nothing", async () => {
  await using tools = await fakeTools({
    docker: ["echo 'Cannot connect to the Docker daemon' >&2", "exit 1"],
  });
  const { code, stderr } = await runKind(tools, UP);
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot make a cluster: a tool is missing$/m);
  assert.match(stderr, /^ {2}kind: not found\. Install it: https:/m);
  assert.match(stderr, /^ {2}kubectl: not found\. Install it: https:/m);
  assert.match(
    stderr,
    /^ {2}docker: Cannot connect to the Docker daemon; podman: not found\. One/m,
  );
  assert.deepEqual(await tools.calls(), ["docker version --format={{.Server.Version}}"]);
});

Deno.test("deno task kind makes a cluster, installs, waits, tells what to try, and leaves no file", async () => {
  await using tools = await fakeTools(WORKING);
  const { code, stdout, stderr, left } = await runKind(tools, UP);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.deepEqual(left, []);
  const calls = (await tools.calls()).map((call) => call.replaceAll(/\/\S+\/kind-\w+/g, "TMP"));
  const probes = ["kind version", "kubectl version", "docker version", "docker image inspect"];
  const steps = calls.filter((call) => !probes.some((probe) => call.startsWith(probe)));
  const kubectl = "kubectl --context=kind-bitcoin-controller";
  assert.deepEqual(steps.map((call) => call.replace(/ < .*/, " < …")), [
    "kind get clusters",
    "kind create cluster --name=bitcoin-controller --wait=3m",
    "docker pull example.com/controller:1",
    "docker save --output=TMP/controller.tar example.com/controller:1",
    "kind load image-archive TMP/controller.tar --name=bitcoin-controller",
    "docker pull bitcoin/bitcoin:30.0",
    "docker save --output=TMP/bitcoind.tar bitcoin/bitcoin:30.0",
    "kind load image-archive TMP/bitcoind.tar --name=bitcoin-controller",
    `${kubectl} apply --filename=- < …`,
    `${kubectl} --namespace=bitcoin-controller rollout status deployment/bitcoin-controller --timeout=3m`,
    `${kubectl} --namespace=default apply --filename=- < …`,
    `${kubectl} --namespace=default wait --for=condition=Ready btcnet/simple --timeout=10m`,
  ]);
  const [manifests = "", sample = ""] = steps.filter((call) => call.includes(" < "));
  assert.match(manifests, /kind: CustomResourceDefinition.*image: example\.com\/controller:1/);
  assert.match(sample, /kind: BitcoinNetwork.*name: simple/);
  // A pipe gets lines, and nothing that moves a cursor.
  assert.match(stdout, /^Create the cluster 'bitcoin-controller' …\n {2}done \(\d+ s\)$/m);
  assert.ok(!stdout.includes("\r") && !stdout.includes("\x1b"));
  assert.match(stdout, /^ {2}kubectl --context kind-bitcoin-controller get btcnet --watch$/m);
  assert.match(stdout, /^ {2}deno task kind --down$/m);
});

Deno.test("deno task kind --bitcoind gives the nodes that image", async () => {
  await using tools = await fakeTools(WORKING);
  const { code } = await runKind(tools, [...UP, "--bitcoind", "localhost/bitcoind:1"]);
  assert.equal(code, 0);
  const sample = (await tools.calls()).findLast((call) => call.includes("kind: BitcoinNetwork"));
  assert.match(sample ?? "", /nodes: 3\\n {2}image: localhost\/bitcoind:1/);
});

Deno.test("deno task kind says what failed, what the cluster says of it, and leaves no file", async () => {
  await using tools = await fakeTools({
    ...WORKING,
    kubectl: [
      'case "$*" in',
      '*"rollout status"*) echo "timed out waiting" >&2; exit 1;;',
      '*"get pods"*) echo "bitcoin-controller-0 ImagePullBackOff";;',
      "esac",
    ],
  });
  const { code, stderr, left } = await runKind(tools, UP);
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot wait until it runs: `kubectl .* rollout status .*` ended with 1$/m);
  assert.match(stderr, /^timed out waiting$/m);
  assert.match(
    stderr,
    /^\$ kubectl .* get pods --output=wide\nbitcoin-controller-0 ImagePullBackOff$/m,
  );
  assert.deepEqual(left, []);
});

Deno.test("deno task kind --down removes the cluster, and says when there is none", async () => {
  await using tools = await fakeTools(WORKING);
  const none = await runKind(tools, ["--down"]);
  assert.equal(none.code, 0);
  assert.equal(none.stdout, "There is no cluster 'bitcoin-controller'\n");
  assert.ok(!(await tools.calls()).some((call) => call.includes("delete")));
  const { code, stdout } = await runKind(tools, ["--down", "--name", "other"]);
  assert.equal(code, 0);
  assert.equal((await tools.calls()).at(-1), "kind delete cluster --name=other");
  assert.match(stdout, /^Remove the cluster 'other' …\n {2}done/);
});

Deno.test("deno task kind ends with 130 when it is interrupted, ends what it waits for, and leaves no file", async () => {
  await using tools = await fakeTools({
    ...WORKING,
    // What it has started holds its output open, and is not told to end.
    kind: [...WORKING.kind, '[ "$1" = create ] && { /bin/sleep 20 & wait; }'],
  });
  const start = performance.now();
  const { code, stdout, stderr, left } = await runKind(tools, UP, async (child) => {
    await eventually(async () => (await tools.calls()).some((call) => call.includes("create")), {
      what: "kind to be called",
      timeoutMs: 30_000,
    });
    child.kill("SIGINT");
  });
  assert.equal(code, 130);
  assert.match(stdout, /Create the cluster .*\n {2}interrupted/);
  assert.equal(stderr, "Interrupted by SIGINT\n");
  assert.deepEqual(left, []);
  assert.ok(performance.now() - start < 15_000, "it waited for what it has no hold on");
});

Deno.test("deno task kind explains itself, and ends with 2 on a wrong command line", async () => {
  await using tools = await fakeTools({});
  const help = await runKind(tools, ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /Examples:\n {2}deno task kind\n/);
  const wrong = await runKind(tools, ["--dwn"]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /unknown option '--dwn'/);
});
