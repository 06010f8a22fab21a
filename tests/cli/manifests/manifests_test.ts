/** `manifests`: what it prints, and what it refuses. */

import { reset } from "@logtape/logtape";
import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { runProgram } from "../../../lib/cli/mod.ts";
import {
  DEFAULT_INSTALL,
  installObjects,
  type InstallOptions,
} from "../../../lib/cli/manifests/mod.ts";
import type { KubeObject } from "../../../lib/kube/mod.ts";
import { OWN_NAMESPACE_RIGHTS, RIGHTS } from "../../../lib/network/mod.ts";
import { fakeIo } from "../../support/fake_io.ts";

/** An object with whatever else it has. */
type AnyObject = KubeObject & Readonly<Record<string, unknown>>;

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = fakeIo();
  const code = await runProgram(["manifests", ...args], io);
  return { code, stdout: io.stdout(), stderr: io.stderr() };
}

/** What kubectl would read: it reads YAML 1.1. */
async function printed(...args: string[]): Promise<AnyObject[]> {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  return parseAllDocuments(stdout, { version: "1.1" }).map((document) => document.toJS());
}

function idOf({ kind, metadata }: KubeObject): string {
  return [kind, metadata?.namespace, metadata?.name].filter(Boolean).join("/");
}

function install(options: Partial<InstallOptions>): AnyObject[] {
  // as: any object has fields of some kind.
  return installObjects({ ...DEFAULT_INSTALL, ...options }) as AnyObject[];
}

/** The rules of a role, as rows of group, resource, names and verbs. */
function rulesOf(objects: readonly AnyObject[], id: string): unknown {
  return objects.find((object) => idOf(object) === id)?.rules;
}

Deno.test("manifests prints an installation in the order in which it can be applied", async () => {
  const objects = await printed();
  assert.deepEqual(objects.map(idOf), [
    "CustomResourceDefinition/bitcoinnetworks.bitcoincontroller.christianb93.github.com",
    "Namespace/bitcoin-controller",
    "ServiceAccount/bitcoin-controller/bitcoin-controller-sva",
    "ClusterRole/bitcoin-controller-role",
    "ClusterRoleBinding/bitcoin-controller-role-binding",
    "Role/bitcoin-controller/bitcoin-controller-lease-role",
    "RoleBinding/bitcoin-controller/bitcoin-controller-lease-role-binding",
    "ClusterRole/bitcoin-controller-networks-view",
    "ClusterRole/bitcoin-controller-networks-edit",
    "Deployment/bitcoin-controller/bitcoin-controller",
    "PodDisruptionBudget/bitcoin-controller/bitcoin-controller",
    "Service/bitcoin-controller/bitcoin-controller-metrics",
  ]);
  assert.deepEqual(objects, JSON.parse(JSON.stringify(install({}))));
});

Deno.test("manifests prints what is in manifests/, but for the first line", async () => {
  const files: Readonly<Record<string, readonly string[]>> = {
    "install": [],
    "crd": ["--only", "crd"],
    "rbac": ["--only", "rbac"],
    "deployment": ["--only", "deployment"],
    "one-namespace/install": ["--watch-namespace", "bitcoin-controller", "--namespaced"],
  };
  for (const [name, args] of Object.entries(files)) {
    const { stdout } = await run(...args);
    const file = new URL(`../../../manifests/${name}.yaml`, import.meta.url);
    const [, ...lines] = (await Deno.readTextFile(file)).split("\n");
    assert.equal(stdout, lines.join("\n"), name);
  }
});

Deno.test("manifests grants the rights of the tables, and no others", () => {
  const rows = (rights: typeof RIGHTS) =>
    rights.map(({ apiGroup, resource, verbs, resourceNames }) => ({
      apiGroups: [apiGroup],
      resources: [resource],
      ...(resourceNames && { resourceNames }),
      verbs,
    }));
  const cluster = install({});
  assert.deepEqual(rulesOf(cluster, "ClusterRole/bitcoin-controller-role"), rows(RIGHTS));
  assert.deepEqual(
    rulesOf(cluster, "Role/bitcoin-controller/bitcoin-controller-lease-role"),
    rows(OWN_NAMESPACE_RIGHTS),
  );
  for (const { resource, verbs } of [...RIGHTS, ...OWN_NAMESPACE_RIGHTS]) {
    assert.ok(![resource, ...verbs].includes("*"), resource);
    if (resource !== "secrets") continue;
    assert.ok(!verbs.includes("list") && !verbs.includes("watch"), "Secrets are never listed");
  }
});

Deno.test("manifests --watch-namespace gives a Role in each namespace and nothing on the cluster", async () => {
  const objects = await printed("--watch-namespace", "a", "--watch-namespace=b", "-n", "a");
  const ids = objects.map(idOf).filter((id) => /Role/.test(id) && !/networks-/.test(id));
  assert.deepEqual(ids, [
    "Role/a/bitcoin-controller-role",
    "RoleBinding/a/bitcoin-controller-role-binding",
    "Role/b/bitcoin-controller-role",
    "RoleBinding/b/bitcoin-controller-role-binding",
    "Role/a/bitcoin-controller-lease-role",
    "RoleBinding/a/bitcoin-controller-lease-role-binding",
  ]);
  const bindings = objects.filter(({ kind }) => kind === "RoleBinding");
  for (const { subjects } of bindings) {
    const subject = { kind: "ServiceAccount", name: "bitcoin-controller-sva", namespace: "a" };
    assert.deepEqual(subjects, [subject]);
  }
  const deployment = JSON.stringify(objects.find(({ kind }) => kind === "Deployment"));
  // The kubelet puts in what the variable holds: the namespace of the pod, which is a.
  assert.match(deployment, /"--namespace=\$\(POD_NAMESPACE\)","--namespace=b"/);
  assert.match(deployment, /"POD_NAMESPACE","valueFrom":\{"fieldRef":[^}]*"metadata\.namespace"/);
});

Deno.test("manifests --namespaced leaves out what belongs to the whole cluster, and nothing else", async () => {
  const args = ["--namespace=a", "--watch-namespace=a", "--watch-namespace=b"];
  const all = await printed(...args);
  const namespaced = await printed(...args, "--namespaced");
  const left = all.filter((object) => !namespaced.some((other) => idOf(other) === idOf(object)));
  assert.deepEqual(left.map(idOf), [
    "CustomResourceDefinition/bitcoinnetworks.bitcoincontroller.christianb93.github.com",
    "Namespace/a",
    "ClusterRole/bitcoin-controller-networks-view",
    "ClusterRole/bitcoin-controller-networks-edit",
  ]);
  assert.deepEqual(all.filter((object) => !left.includes(object)), namespaced);
});

Deno.test("manifests has a Service that names each instance to whoever collects metrics", () => {
  const objects = install({ namespace: "a" });
  const service = objects.find(({ kind }) => kind === "Service");
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  // as: any object has fields of some kind.
  const { selector, ports } = service?.spec as {
    selector: unknown;
    ports: { port: number; targetPort: string }[];
  };
  const { template } = deployment?.spec as {
    template: {
      metadata: { labels: unknown };
      spec: { containers: { ports: { name: string; containerPort: number }[] }[] };
    };
  };
  assert.deepEqual(selector, template.metadata.labels);
  const [port] = template.spec.containers[0]?.ports ?? [];
  assert.equal(ports[0]?.targetPort, port?.name);
  assert.equal(ports[0]?.port, port?.containerPort);
});

Deno.test("manifests takes namespace, image and replicas", async () => {
  const image = "registry.example.com:5000/a/b:1@sha256:0123";
  const objects = await printed("--namespace", "on", "--image", image, "--replicas=0");
  const text = JSON.stringify(objects);
  assert.match(text, /"namespace":"on"/);
  assert.doesNotMatch(text, /"namespace":"bitcoin-controller"/);
  assert.ok(objects.some((object) => idOf(object) === "Namespace/on"));
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  assert.match(JSON.stringify(deployment), /"replicas":0/);
  assert.ok(JSON.stringify(deployment).includes(`"image":"${image}"`));
});

Deno.test("manifests keeps a name a string that YAML could take for something else", async () => {
  for (const namespace of ["on", "no", "y", "null", "0777", "1e3", "12", "true"]) {
    const [, created] = await printed("--namespace", namespace);
    assert.equal(created?.metadata?.name, namespace);
  }
});

Deno.test("manifests --only prints one part", async () => {
  const kinds = async (part: string) => (await printed("--only", part)).map(({ kind }) => kind);
  assert.deepEqual(await kinds("crd"), ["CustomResourceDefinition"]);
  assert.deepEqual(await kinds("deployment"), ["Deployment", "PodDisruptionBudget", "Service"]);
  assert.equal((await kinds("rbac"))[0], "Namespace");
});

Deno.test("manifests runs a pod that the restricted Pod Security Standard admits, and that stops in time", () => {
  const deployment = install({}).find(({ kind }) => kind === "Deployment");
  const text = JSON.stringify(deployment);
  for (
    const part of [
      '"runAsNonRoot":true',
      '"runAsUser":65532',
      '"seccompProfile":{"type":"RuntimeDefault"}',
      '"allowPrivilegeEscalation":false',
      '"readOnlyRootFilesystem":true',
      '"capabilities":{"drop":["ALL"]}',
      '"terminationGracePeriodSeconds":40',
    ]
  ) assert.ok(text.includes(part), part);
});

Deno.test("manifests runs a command line that the program understands", async () => {
  const deployment = JSON.stringify(
    install({ watchNamespaces: ["a", "b"] }).find(({ kind }) => kind === "Deployment"),
  );
  const [, args = ""] = /"args":(\[[^\]]*\])/.exec(deployment) ?? [];
  const io = fakeIo();
  const code = await runProgram([...JSON.parse(args), "--kubeconfig", "/nonexistent"], io);
  await reset();
  assert.match(io.stderr(), /\/nonexistent/, "it got as far as to look for a cluster");
  assert.equal(code, 1);
});

const USAGE_ERRORS: readonly (readonly [args: string[], message: RegExp])[] = [
  [["--namespace", ""], /at most 63 lower-case letters/],
  [["--namespace", "Team"], /at most 63 lower-case letters/],
  [["--namespace", "a".repeat(64)], /at most 63 lower-case letters/],
  [["--watch-namespace", "a.b"], /at most 63 lower-case letters/],
  [["--watch-namespace", "a,b"], /at most 63 lower-case letters/],
  [["--image", ""], /must be the name of an image/],
  [["--image", "a b"], /must be the name of an image/],
  [["--image", "https://example.com/a"], /must be the name of an image/],
  [["--replicas", "two"], /whole number from 0 to 10/],
  [["--replicas", "11"], /whole number from 0 to 10/],
  [["--only", "role"], /Allowed choices are crd, rbac, deployment/],
  [["--namespaced"], /needs --watch-namespace: rights in all namespaces are a ClusterRole/],
  [["--namespaced", "--watch-namespace=a", "--only=crd"], /would print nothing/],
];

for (const [args, message] of USAGE_ERRORS) {
  Deno.test(`manifests exits 2, prints nothing and says why for '${args.join(" ").slice(0, 40)}'`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  });
}
