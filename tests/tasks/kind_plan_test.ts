/** What `deno task kind` decides. */

import assert from "node:assert/strict";
import {
  BUILT_IMAGE,
  contextOf,
  DEFAULTS,
  downSteps,
  engineOf,
  type KindOptions,
  type KindState,
  problemsOf,
  type Tools,
  tryLines,
  upSteps,
  withRegistry,
} from "../../tasks/_kind_plan.ts";
import { commandLine } from "../../tasks/_steps.ts";

const OK = { ok: true } as const;
const MISSING = { ok: false, why: "not found" } as const;
const ALL: Tools = { kind: OK, kubectl: OK, docker: OK, podman: MISSING };

const OPTIONS: KindOptions = { name: "demo", bitcoind: "bitcoin/bitcoin:30.0" };
const STATE: KindState = {
  engine: "docker",
  isThere: false,
  localImages: [],
  folder: "/tmp/k",
  manifests: (image) => `manifests with ${image}`,
  sample: "sample",
  network: "net",
};

/** The command lines, without the path of Deno. */
function lines(options: Partial<KindOptions> = {}, state: Partial<KindState> = {}): string[] {
  return upSteps({ ...OPTIONS, ...options }, { ...STATE, ...state })
    .map(({ command }) => commandLine(command).replace(Deno.execPath(), "deno"));
}

Deno.test("problemsOf() finds none where kind, kubectl and an engine are there", () => {
  assert.deepEqual(problemsOf(ALL, false), []);
  assert.deepEqual(problemsOf({ ...ALL, docker: MISSING, podman: OK }, false), []);
});

Deno.test("problemsOf() names all that is missing at once, and what to install", () => {
  const daemon = { ok: false, why: "Cannot connect to the Docker daemon" } as const;
  const tools = { kind: MISSING, kubectl: MISSING, docker: daemon, podman: MISSING };
  const [kind = "", kubectl = "", engine = "", ...more] = problemsOf(tools, false);
  assert.match(kind, /^kind: not found\. Install it: https:\/\/kind\.sigs\.k8s\.io/);
  assert.match(kubectl, /^kubectl: not found\. Install it: https:\/\/kubernetes\.io/);
  assert.match(engine, /^docker: Cannot connect to the Docker daemon; podman: not found\. One of/);
  assert.deepEqual(more, []);
});

Deno.test("problemsOf() does not ask for kubectl to remove a cluster", () => {
  assert.deepEqual(problemsOf({ ...ALL, kubectl: MISSING }, true), []);
  assert.equal(problemsOf({ ...ALL, kind: MISSING }, true).length, 1);
});

Deno.test("engineOf() takes docker first", () => {
  assert.equal(engineOf({ ...ALL, podman: OK }), "docker");
  assert.equal(engineOf({ ...ALL, docker: MISSING, podman: OK }), "podman");
});

Deno.test("upSteps() goes from nothing to a network that is Ready", () => {
  assert.deepEqual(lines(), [
    "deno task build",
    `deno task image --name=${BUILT_IMAGE} --output=/tmp/k/controller.tar`,
    "kind create cluster --name=demo --wait=3m",
    "kind load image-archive /tmp/k/controller.tar --name=demo",
    "docker pull bitcoin/bitcoin:30.0",
    "docker save --output=/tmp/k/bitcoind.tar bitcoin/bitcoin:30.0",
    "kind load image-archive /tmp/k/bitcoind.tar --name=demo",
    "kubectl --context=kind-demo apply --filename=-",
    "kubectl --context=kind-demo --namespace=bitcoin-controller rollout status deployment/bitcoin-controller --timeout=3m",
    "kubectl --context=kind-demo --namespace=default apply --filename=-",
    "kubectl --context=kind-demo --namespace=default wait --for=condition=Ready btcnet/net --timeout=10m",
  ]);
  const inputs = upSteps(OPTIONS, STATE).flatMap(({ stdin }) => stdin ?? []);
  assert.deepEqual(inputs, [`manifests with ${BUILT_IMAGE}`, "sample"]);
});

Deno.test("upSteps() calls the image the same in every engine and in the cluster", () => {
  assert.match(BUILT_IMAGE, /^localhost\//);
});

Deno.test("upSteps() brings a cluster that is there up to date, and starts the controller from the new image", () => {
  const all = lines({}, { isThere: true });
  assert.ok(all.includes("kind export kubeconfig --name=demo"));
  assert.ok(!all.some((line) => line.includes("kind create")));
  const apply = all.findIndex((line) => line.includes("apply"));
  assert.match(all[apply + 1] ?? "", / rollout restart deployment\/bitcoin-controller$/);
});

Deno.test("upSteps() builds nothing where an image is given, and pulls none that is here", () => {
  const image = "example.com/controller:1";
  const all = lines({ image }, { localImages: ["bitcoin/bitcoin:30.0"] });
  assert.ok(!all.some((line) => line.startsWith("deno task")));
  assert.ok(all.includes(`docker pull ${image}`));
  assert.ok(all.includes(`docker save --output=/tmp/k/controller.tar ${image}`));
  assert.ok(!all.includes("docker pull bitcoin/bitcoin:30.0"));
  const [manifests] = upSteps({ ...OPTIONS, image }, STATE).flatMap(({ stdin }) => stdin ?? []);
  assert.equal(manifests, `manifests with ${image}`);
});

Deno.test("upSteps() goes on without images that the cluster can pull, and not without one that was built", () => {
  const optional = (options: Partial<KindOptions>) =>
    upSteps({ ...OPTIONS, ...options }, STATE).filter((step) => step.optional)
      .map(({ title, optional }) => `${optional?.part}: ${title}`);
  const bitcoind = [
    "bitcoind: Pull the image 'bitcoin/bitcoin:30.0'",
    "bitcoind: Save the image 'bitcoin/bitcoin:30.0'",
    "bitcoind: Load the image of bitcoind",
  ];
  assert.deepEqual(optional({}), bitcoind);
  assert.deepEqual(optional({ image: "example.com/controller:1" }), [
    "controller: Pull the image 'example.com/controller:1'",
    "controller: Save the image 'example.com/controller:1'",
    "controller: Load the image of the controller",
    ...bitcoind,
  ]);
});

Deno.test("upSteps() tells kind and podman what docker guesses", () => {
  const steps = upSteps(OPTIONS, { ...STATE, engine: "podman" });
  const all = steps.map(({ command }) => commandLine(command));
  assert.ok(all.includes("podman pull docker.io/bitcoin/bitcoin:30.0"));
  assert.ok(
    all.includes(
      "podman save --format=docker-archive --output=/tmp/k/bitcoind.tar docker.io/bitcoin/bitcoin:30.0",
    ),
  );
  for (const { command, env } of steps) {
    const expected = command[0] === "kind" ? { KIND_EXPERIMENTAL_PROVIDER: "podman" } : undefined;
    assert.deepEqual(env, expected, commandLine(command));
  }
});

Deno.test("upSteps() takes another version of Kubernetes", () => {
  assert.ok(
    lines({ kubernetes: "v1.32.8" }).includes(
      "kind create cluster --name=demo --wait=3m --image=kindest/node:v1.32.8",
    ),
  );
});

Deno.test("withRegistry() names an image in full as docker would understand it", () => {
  const names = {
    "debian": "docker.io/library/debian",
    "bitcoin/bitcoin:30.0": "docker.io/bitcoin/bitcoin:30.0",
    "localhost/a:1": "localhost/a:1",
    "registry:5000/a": "registry:5000/a",
    "ghcr.io/a/b@sha256:0": "ghcr.io/a/b@sha256:0",
    "debian:12.1": "docker.io/library/debian:12.1",
  };
  for (const [name, full] of Object.entries(names)) assert.equal(withRegistry(name), full);
});

Deno.test("downSteps() removes the cluster of that name and no other", () => {
  const [step, ...more] = downSteps({ name: "demo" }, "docker");
  assert.deepEqual(step?.command, ["kind", "delete", "cluster", "--name=demo"]);
  assert.deepEqual(more, []);
});

Deno.test("tryLines() are for that cluster, and end with how to remove it", () => {
  for (const name of [DEFAULTS.name, "demo"]) {
    const all = tryLines(name, "net");
    const last = all.pop();
    for (const line of all) assert.ok(line.startsWith(`kubectl --context ${contextOf(name)} `));
    assert.equal(last, `deno task kind${name === "demo" ? " --name demo" : ""} --down`);
  }
});
