import type { Pod, Volume } from "kubernetes-types/core/v1.d.ts";
import assert from "node:assert/strict";
import { join } from "node:path";

import { type ConfigReader, PodConfigError } from "../../../lib/embedded/kubelet/config_objects.ts";
import { mountsOf, setUpVolumes } from "../../../lib/embedded/kubelet/volumes.ts";
import { temporaryFolder } from "../../support/temporary_folder.ts";

const never = new AbortController().signal;

const reader: ConfigReader = {
  read({ kind, name }) {
    const objects: Record<string, Record<string, string>> = {
      "secret/s": { "bitcoin.conf": "regtest=1\n", key: "k" },
      "configmap/cm": { a: "1" },
      "token/sa": { token: "jwt" },
    };
    const data = objects[`${kind}/${name}`];
    const encode = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);
    return Promise.resolve(
      data && new Map(Object.entries(data).map(([key, value]) => [key, encode(value)])),
    );
  },
};

function podOf(...volumes: Volume[]): Pod {
  return {
    metadata: { name: "p", namespace: "ns", labels: { b: "2", a: "1" } },
    spec: { containers: [], volumes, serviceAccountName: "sa" },
  };
}

async function setUp(folder: string, ...volumes: Volume[]): Promise<void> {
  const context = { pod: podOf(...volumes), podIp: "", hostIp: "127.1.0.1" };
  await setUpVolumes(context, folder, reader, never);
}

/** All files below a folder: path, mode, content. */
async function files(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = join(below, name);
    if (isDirectory) {
      found.push(`${path}/`, ...await files(folder, path));
    } else {
      const mode = ((await Deno.stat(join(folder, path))).mode ?? 0) & 0o777;
      found.push(`${path} ${mode.toString(8)} ${await Deno.readTextFile(join(folder, path))}`);
    }
  }
  return found.sort();
}

const TABLE: readonly (readonly [what: string, volume: Volume, files: string[]])[] = [
  ["an empty folder", { name: "v", emptyDir: {} }, ["v/"]],
  ["a secret", { name: "v", secret: { secretName: "s" } }, [
    "v/",
    "v/bitcoin.conf 644 regtest=1\n",
    "v/key 644 k",
  ]],
  ["items with paths and modes", {
    name: "v",
    secret: {
      secretName: "s",
      defaultMode: 0o440,
      items: [{ key: "key", path: "sub/k" }, { key: "bitcoin.conf", path: "c", mode: 0o400 }],
    },
  }, ["v/", "v/c 400 regtest=1\n", "v/sub/", "v/sub/k 440 k"]],
  ["a config map", { name: "v", configMap: { name: "cm" } }, ["v/", "v/a 644 1"]],
  ["an optional secret that is not there", {
    name: "v",
    secret: { secretName: "none", optional: true },
  }, ["v/"]],
  ["an optional key that is not there", {
    name: "v",
    configMap: { name: "cm", optional: true, items: [{ key: "none", path: "x" }] },
  }, ["v/"]],
  ["fields of the pod", {
    name: "v",
    downwardAPI: {
      items: [
        { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
        { path: "name", mode: 0o600, fieldRef: { fieldPath: "metadata.name" } },
      ],
    },
  }, ["v/", 'v/labels 644 a="1"\nb="2"', "v/name 600 p"]],
  ["a projected volume", {
    name: "v",
    projected: {
      defaultMode: 0o600,
      sources: [
        { secret: { name: "s", items: [{ key: "key", path: "k" }] } },
        { configMap: { name: "cm" } },
        { downwardAPI: { items: [{ path: "ns", fieldRef: { fieldPath: "metadata.namespace" } }] } },
        { serviceAccountToken: { path: "token" } },
      ],
    },
  }, ["v/", "v/a 600 1", "v/k 600 k", "v/ns 600 ns", "v/token 600 jwt"]],
];

for (const [what, volume, expected] of TABLE) {
  Deno.test(`setUpVolumes() makes ${what}`, async () => {
    await using folder = await temporaryFolder();
    const volumes = join(folder.path, "volumes");
    await setUp(volumes, volume);
    assert.deepEqual(await files(volumes), expected);
  });
}

const FAULTS: readonly (readonly [volume: Volume, message: string])[] = [
  [{ name: "v", secret: { secretName: "none" } }, 'secret "none" not found'],
  [{ name: "v", configMap: { name: "none" } }, 'configmap "none" not found'],
  [
    { name: "v", secret: { secretName: "s", items: [{ key: "no", path: "x" }] } },
    "references non-existent secret key: no",
  ],
  [
    { name: "v", configMap: { name: "cm", items: [{ key: "a", path: "../x" }] } },
    "path '../x' leads out of its volume",
  ],
  [
    { name: "v", nfs: { path: "/", server: "x" } },
    "volumes of kind 'nfs' are not supported by this kubelet",
  ],
];

for (const [volume, reason] of FAULTS) {
  Deno.test(`setUpVolumes() names the volume and says '${reason}'`, async () => {
    await using folder = await temporaryFolder();
    await assert.rejects(setUp(join(folder.path, "volumes"), volume), (error) => {
      assert.ok(error instanceof PodConfigError);
      assert.equal(error.message, `MountVolume.SetUp failed for volume "v" : ${reason}`);
      return true;
    });
  });
}

Deno.test("setUpVolumes() succeeds after an attempt that failed halfway", async () => {
  await using folder = await temporaryFolder();
  const secret: Volume = { name: "a", secret: { secretName: "s", defaultMode: 0o400 } };
  const volumes = join(folder.path, "volumes");
  await assert.rejects(setUp(volumes, secret, { name: "b", configMap: { name: "none" } }));
  await setUp(volumes, secret);
  assert.deepEqual(await files(volumes), [
    "a/",
    "a/bitcoin.conf 400 regtest=1\n",
    "a/key 400 k",
  ]);
});

Deno.test("mountsOf() says where each mount is, and which is configuration", async () => {
  await using folder = await temporaryFolder();
  const pod = podOf({ name: "data", emptyDir: {} }, { name: "conf", secret: { secretName: "s" } });
  await setUpVolumes({ pod, podIp: "", hostIp: "" }, folder.path, reader, never);
  const mounts = await mountsOf(
    {
      name: "c",
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        { name: "data", mountPath: "/sub", subPath: "sub/dir" },
        { name: "conf", mountPath: "/bitcoin.conf", subPath: "bitcoin.conf" },
      ],
    },
    pod,
    folder.path,
  );
  assert.deepEqual(mounts, [
    {
      containerPath: "/data",
      hostPath: join(folder.path, "data"),
      config: false,
    },
    {
      containerPath: "/sub",
      hostPath: join(folder.path, "data/sub/dir"),
      config: false,
    },
    {
      containerPath: "/bitcoin.conf",
      hostPath: join(folder.path, "conf/bitcoin.conf"),
      config: true,
    },
  ]);
  assert.ok((await Deno.stat(join(folder.path, "data/sub/dir"))).isDirectory);
});

const BAD_MOUNTS = [
  [{ name: "none", mountPath: "/x" }, 'volume "none" of a mount is not in the pod'],
  [{ name: "v", mountPath: "/x", subPath: "../y" }, "path '../y' leads out of its volume"],
] as const;

for (const [mount, message] of BAD_MOUNTS) {
  Deno.test(`mountsOf() says '${message}'`, async () => {
    await using folder = await temporaryFolder();
    const pod = podOf({ name: "v", emptyDir: {} });
    const mounts = mountsOf({ name: "c", volumeMounts: [mount] }, pod, folder.path);
    await assert.rejects(mounts, { name: "PodConfigError", message });
  });
}
