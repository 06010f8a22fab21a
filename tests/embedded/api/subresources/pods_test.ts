/** What is below pods: binding, eviction and logs. */

import assert from "node:assert/strict";

import { startApi, type TestApi } from "../_client.ts";

const PODS = "/api/v1/namespaces/default/pods";

async function createPod(api: TestApi, spec: Record<string, unknown> = {}): Promise<void> {
  await api.ok("POST", PODS, {
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "x" }], ...spec },
  });
}

function binding(node: string): unknown {
  return { metadata: { name: "p" }, target: { kind: "Node", name: node } };
}

Deno.test("binding gives a pod its node, once", async () => {
  await using api = await startApi();
  await createPod(api);
  const bound = await api.post(`${PODS}/p/binding`, binding("n1"));
  assert.deepEqual([bound.status, bound.body.status], [201, "Success"]);
  const pod = await api.ok("GET", `${PODS}/p`);
  assert.equal(pod.spec.nodeName, "n1");
  assert.deepEqual(
    pod.status.conditions.map(({ type, status }: Record<string, string>) => [type, status]),
    [["PodScheduled", "True"]],
  );

  const again = await api.post(`${PODS}/p/binding`, binding("n2"));
  assert.equal(again.status, 409);
  assert.equal(
    again.body.message,
    'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n1"',
  );
});

Deno.test("binding refuses a pod that is ending", async () => {
  await using api = await startApi();
  await api.ok("POST", PODS, {
    metadata: { name: "p", finalizers: ["x/y"] },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  await api.ok("DELETE", `${PODS}/p`);
  const { status, body } = await api.post(`${PODS}/p/binding`, binding("n1"));
  assert.equal(status, 409);
  assert.match(body.message, /pod p is being deleted, cannot be assigned to a host$/);
});

Deno.test("eviction deletes a pod with its grace", async () => {
  await using api = await startApi();
  await createPod(api, { nodeName: "n1" });
  const { status, body } = await api.post(`${PODS}/p/eviction`, {
    metadata: { name: "p" },
    deleteOptions: { gracePeriodSeconds: 5 },
  });
  assert.deepEqual([status, body.status], [201, "Success"]);
  assert.equal((await api.ok("GET", `${PODS}/p`)).metadata.deletionGracePeriodSeconds, 5);
});

/** A kubelet that answers every request for a log with this. */
function kubelet(
  answer: () => Response,
): { asked: string[]; fetch: (url: string, init: RequestInit) => Promise<Response> } {
  const asked: string[] = [];
  return {
    asked,
    fetch: (url, { headers }) => {
      asked.push(`${url} ${new Headers(headers).get("authorization")}`);
      return Promise.resolve(answer());
    },
  };
}

async function createNode(api: TestApi): Promise<void> {
  await api.ok("POST", "/api/v1/nodes", {
    metadata: { name: "n1" },
    status: {
      addresses: [{ type: "Hostname", address: "host" }, {
        type: "InternalIP",
        address: "127.0.0.9",
      }],
      daemonEndpoints: { kubeletEndpoint: { Port: 4321 } },
    },
  });
}

Deno.test("log is fetched from the kubelet of the pod's node, with its options and the server's token", async () => {
  const { asked, fetch } = kubelet(() => new Response("one\ntwo\n"));
  await using api = await startApi({ kubelet: { fetch, token: "t" } });
  await createNode(api);
  await createPod(api, { nodeName: "n1" });
  const { status, text, headers } = await api.get(
    `${PODS}/p/log?tailLines=5&timestamps=true&pretty=true`,
  );
  assert.deepEqual([status, text, headers.get("content-type")], [200, "one\ntwo\n", "text/plain"]);
  assert.deepEqual(asked, [
    "http://127.0.0.9:4321/containerLogs/default/p/c?timestamps=true&tailLines=5 Bearer t",
  ]);
});

Deno.test("log of a pod without a node is empty", async () => {
  await using api = await startApi();
  await createPod(api);
  const { status, text } = await api.get(`${PODS}/p/log`);
  assert.deepEqual([status, text], [200, ""]);
});

for (
  const [what, answer, code, message] of [
    [
      "a container that is not up yet",
      () =>
        new Response('container "c" in pod "p" is waiting to start: ContainerCreating\n', {
          status: 400,
        }),
      400,
      'container "c" in pod "p" is waiting to start: ContainerCreating',
    ],
    [
      "a pod that its kubelet does not know",
      () => new Response("pod not found", { status: 404 }),
      404,
      "the server could not find the requested resource ( pods/log p)",
    ],
    [
      "a kubelet in trouble",
      () => new Response("disk on fire", { status: 500 }),
      500,
      "Internal error occurred: disk on fire",
    ],
    [
      "a kubelet that is gone",
      () => {
        throw new TypeError("connection refused");
      },
      500,
      'Get "http://127.0.0.9:4321/containerLogs/default/p/c": connection refused',
    ],
  ] as const
) {
  Deno.test(`log of ${what} is refused with ${code}`, async () => {
    await using api = await startApi({
      kubelet: { fetch: (_url) => Promise.resolve().then(answer) },
    });
    await createNode(api);
    await createPod(api, { nodeName: "n1" });
    const reply = await api.get(`${PODS}/p/log`);
    assert.deepEqual([reply.status, reply.body.message], [code, message]);
  });
}

// What a kube-apiserver 1.34 answered.
for (
  const [query, code, message] of [
    ["container=zz", 400, "container zz is not valid for pod p"],
    ["", 400, "a container name must be specified for pod p, choose one of: [c d]"],
    [
      "container=c&tailLines=-1",
      422,
      'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    ["container=c&tailLines=a", 400, 'strconv.ParseInt: parsing "a": invalid syntax'],
    ["container=c", 404, 'pods "gone" not found'],
  ] as const
) {
  Deno.test(`log refuses '${query}' with ${code}: ${message}`, async () => {
    await using api = await startApi();
    await createPod(api, {
      nodeName: "gone",
      containers: [{ name: "c", image: "x" }, { name: "d", image: "x" }],
    });
    const reply = await api.get(`${PODS}/p/log?${query}`);
    assert.deepEqual([reply.status, reply.body.message], [code, message]);
  });
}
