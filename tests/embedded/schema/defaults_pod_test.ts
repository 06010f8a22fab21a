import assert from "node:assert/strict";

import { podDefaults, templateDefaults } from "../../../lib/embedded/schema/defaults_pod.ts";
import { applyDefaults, asObject, type JsonObject } from "../../../lib/embedded/schema/mod.ts";
import { known, pod } from "./_kinds.ts";

/** What every container gets. */
const CONTAINER = {
  name: "c",
  image: "i:1",
  imagePullPolicy: "IfNotPresent",
  resources: {},
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
};

/** What every pod gets. */
const SPEC = {
  dnsPolicy: "ClusterFirst",
  enableServiceLinks: true,
  restartPolicy: "Always",
  schedulerName: "default-scheduler",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

Deno.test("applyDefaults() fills in a pod", () => {
  assert.deepEqual(applyDefaults(known("", "Pod"), pod()), {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "n" },
    spec: { containers: [CONTAINER], ...SPEC },
    status: {},
  });
});

const CONTAINERS: readonly (readonly [what: string, given: JsonObject, filled: JsonObject])[] = [
  ["pulls an image without a tag every time", { image: "i" }, { imagePullPolicy: "Always" }],
  ["pulls :latest every time", { image: "h:1/i:latest" }, { imagePullPolicy: "Always" }],
  ["keeps an image with a digest", { image: "i@sha256:0" }, { imagePullPolicy: "IfNotPresent" }],
  [
    "says how a probe goes on",
    { readinessProbe: { httpGet: { port: 1 }, periodSeconds: 3 } },
    {
      readinessProbe: {
        httpGet: { port: 1, path: "/", scheme: "HTTP" },
        periodSeconds: 3,
        timeoutSeconds: 1,
        successThreshold: 1,
        failureThreshold: 3,
      },
    },
  ],
  [
    "names the protocol of a port",
    { ports: [{ containerPort: 1 }] },
    { ports: [{ containerPort: 1, protocol: "TCP" }] },
  ],
  [
    "names the version of a reference to a field",
    { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
    {
      env: [{
        name: "A",
        valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } },
      }],
    },
  ],
  [
    "asks for what it is limited to",
    { resources: { limits: { cpu: "1", memory: "2" }, requests: { cpu: "3" } } },
    { resources: { limits: { cpu: "1", memory: "2" }, requests: { cpu: "3", memory: "2" } } },
  ],
  [
    "fills in what runs before its end",
    { lifecycle: { preStop: { httpGet: { port: 1 } } } },
    { lifecycle: { preStop: { httpGet: { port: 1, path: "/", scheme: "HTTP" } } } },
  ],
];

for (const [what, given, filled] of CONTAINERS) {
  Deno.test(`podDefaults() ${what}`, () => {
    const spec = asObject(podDefaults(pod(given)).spec);
    assert.deepEqual(spec.containers, [{ ...CONTAINER, ...given, ...filled }]);
  });
}

const SPECS: readonly (readonly [what: string, given: JsonObject, filled: JsonObject])[] = [
  [
    "writes both names of the service account",
    { serviceAccountName: "s" },
    { serviceAccount: "s", serviceAccountName: "s" },
  ],
  [
    "makes a volume without a source an empty folder",
    { volumes: [{ name: "v" }] },
    { volumes: [{ name: "v", emptyDir: {} }] },
  ],
  [
    "gives the files of volumes permissions",
    {
      volumes: [{ name: "v", configMap: { name: "m" } }, {
        name: "s",
        secret: { secretName: "s" },
      }],
    },
    {
      volumes: [
        { name: "v", configMap: { name: "m", defaultMode: 0o644 } },
        { name: "s", secret: { secretName: "s", defaultMode: 0o644 } },
      ],
    },
  ],
  [
    "fills in the sources of a projected volume",
    { volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }] },
    {
      volumes: [{
        name: "v",
        projected: {
          defaultMode: 0o644,
          sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } }],
        },
      }],
    },
  ],
];

for (const [what, given, filled] of SPECS) {
  Deno.test(`podDefaults() ${what}`, () => {
    const { containers: _, ...spec } = asObject(podDefaults(pod({}, given)).spec);
    assert.deepEqual(spec, { ...SPEC, ...filled });
  });
}

Deno.test("podDefaults() gives a container in the host's network the port of the host", () => {
  const given = pod({ ports: [{ containerPort: 1 }] }, { hostNetwork: true });
  const [container] = [asObject(podDefaults(given).spec).containers].flat();
  assert.deepEqual(asObject(container).ports, [{ containerPort: 1, hostPort: 1, protocol: "TCP" }]);
});

Deno.test("templateDefaults() leaves out what only pods get", () => {
  const { spec } = pod({ resources: { limits: { cpu: "1" } } });
  const filled = asObject(templateDefaults({ template: { spec: asObject(spec) } }).template).spec;
  const { enableServiceLinks: _, ...rest } = SPEC;
  assert.deepEqual(filled, {
    containers: [{ ...CONTAINER, resources: { limits: { cpu: "1" } } }],
    ...rest,
  });
});
