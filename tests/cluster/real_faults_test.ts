/** The program on a real control plane whose parts are killed, changed and put back. */

import assert from "node:assert/strict";
import {
  ApiError,
  CONFIG_MAPS,
  CUSTOM_RESOURCE_DEFINITIONS,
  KubeClient,
  NAMESPACES,
  PODS,
  SECRETS,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import { systemClock } from "../../lib/time/mod.ts";
import { CertificateAuthority, ControlPlane } from "../support/control_plane/mod.ts";
import { eventually, until, untilGone } from "../support/eventually.ts";
import { FaultProxy } from "../support/fault_proxy.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { LoggedController } from "./_logged_controller.ts";
import { FaultTable } from "./_fault_table.ts";
import { controllerAccount, installDefinition } from "./install.ts";
import { Mirror, Writer } from "./_mirror.ts";
import { Lab } from "./lab.ts";
import { RealCluster } from "./real_cluster.ts";

/** How many lines the log may have for one fault, besides those of the networks that came of it. */
const MAX_LINES = 10;

/** How long a slow part of a control plane may take, in ms. */
const TIMEOUT_MS = 90_000;

controlPlaneSuite([], "the program survives real faults", async (t, assets) => {
  const table = new FaultTable("log lines");
  for (const [name, run] of CASES) {
    await t.step(name, async () => {
      // The kubelet and the controllers of the cluster back off as well: each case has a cluster that is well.
      await using target = await RealCluster.start({ assets, bitcoind: "fake" });
      const lab = new Lab(target, `real-${crypto.randomUUID()}`);
      await lab.setUp();
      await run(new Scene(target, lab, name, table));
    });
  }
  table.print();
});

/** One fault on a cluster. */
class Scene {
  constructor(
    readonly target: RealCluster,
    readonly lab: Lab,
    readonly name: string,
    readonly table: FaultTable,
  ) {}

  /** Starts the program, with the token of its service account unless there is another. */
  async start(token?: string, server?: string): Promise<LoggedController> {
    const { namespace, name } = controllerAccount;
    const { plane } = this.target;
    const own = token ?? await plane.serviceAccountToken(namespace, name);
    return await LoggedController.start(plane, own, server);
  }

  /**
   * Two networks, one of which grows: lets `fault` happen between them, and looks how long it takes until all is well
   * after it, and what was logged.
   */
  async survives(controller: LoggedController, fault: () => Promise<void>): Promise<void> {
    const { lab } = this;
    await lab.create("old", { nodes: 1 });
    await lab.untilReady("old", 1);
    const before = controller.log.length;
    await fault();
    await this.settles(controller, before, async () => {
      await lab.networks.scale.mergePatch("old", { spec: { replicas: 2 } });
      await lab.create("new", { nodes: 1 });
      await Promise.all([lab.untilReady("old", 2), lab.untilReady("new", 1)]);
    });
  }

  /** Measures what comes after a fault. */
  async settles(
    controller: LoggedController,
    linesBefore: number,
    done: () => Promise<unknown>,
  ): Promise<void> {
    const start = systemClock.monotonic();
    await done();
    const convergedMs = systemClock.monotonic() - start;
    const lines = controller.log.slice(linesBefore);
    this.table.add({ fault: this.name, counts: [lines.length], convergedMs });
    const shown = lines.map(({ level, message, properties }) =>
      `${level} ${message} ${JSON.stringify(properties)}`
    ).join("\n");
    assert.ok(
      lines.length <= MAX_LINES,
      `${lines.length} lines were logged:\n${shown.slice(0, 10_000)}`,
    );
  }
}

const CASES: readonly (readonly [name: string, run: (scene: Scene) => Promise<void>])[] = [
  ["kube-apiserver killed and restarted", apiServerKilled],
  ["etcd killed and restarted", etcdKilled],
  ["history compacted while the controller was cut off", compacted],
  ["token rotated, then the old one revoked", tokenRotated],
  ["token revoked, then another one there", tokenRevoked],
  ["another serving certificate of the same authority", sameAuthority],
  ["a serving certificate of another authority, for a while", otherAuthority],
  ["CRD deleted and created again", definitionDeleted],
  ["namespace deleted while its networks converge", namespaceDeleted],
];

/**
 * A cluster that is put back to an older state: its versions begin anew below that of the watch, which would stay silent
 * until they have caught up.
 */
controlPlaneSuite(
  [],
  "an informer survives etcd put back to an older state",
  async (_t, assets) => {
    await using plane = await ControlPlane.start({ assets, controllers: false });
    const maps = plane.client.resource(CONFIG_MAPS, "default");
    const writer = new Writer(maps, seededRandom(1));
    const data = `${plane.folder}/etcd`;
    const stop = async (): Promise<void> => {
      await plane.apiServer.kill();
      await plane.etcd.stop();
    };
    const start = async (): Promise<void> => {
      plane.etcd.start();
      plane.apiServer.start();
      await plane.apiServer.ready();
    };
    await writer.write(5);
    await stop();
    await copy(data, `${plane.folder}/backup`);
    await start();

    await using proxy = new FaultProxy(plane.connection("admin"));
    await using mirror = new Mirror(proxy, maps, false);
    await writer.write(50);
    await mirror.untilEqual("before the backup is put back", TIMEOUT_MS);
    await stop();
    await Deno.remove(data, { recursive: true });
    await Deno.rename(`${plane.folder}/backup`, data);
    await start();
    await maps.create({ metadata: { name: "after" } });
    await mirror.untilEqual("after the backup was put back", TIMEOUT_MS);
  },
);

async function copy(from: string, to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-a", from, to] }).output();
  assert.ok(success, `cannot copy ${from}`);
}

async function apiServerKilled(scene: Scene): Promise<void> {
  const { plane } = scene.target;
  await using controller = await scene.start();
  await scene.survives(controller, async () => {
    await plane.apiServer.kill();
    // So long that everybody has met it several times.
    await systemClock.sleep(5_000);
    plane.apiServer.start();
    await plane.apiServer.ready();
  });
}

async function etcdKilled(scene: Scene): Promise<void> {
  const { plane } = scene.target;
  await using controller = await scene.start();
  await scene.survives(controller, async () => {
    await plane.etcd.kill();
    await systemClock.sleep(5_000);
    plane.etcd.start();
    await plane.apiServer.ready();
  });
}

/** The API server forgets its own history with a restart, and etcd with the compaction. */
async function compacted(scene: Scene): Promise<void> {
  const { plane } = scene.target;
  await using proxy = new FaultProxy(scene.target.controller);
  await using controller = await scene.start(undefined, proxy.connection.server);
  await scene.survives(controller, async () => {
    proxy.refuse();
    for (let count = 0; count < 5; count++) await scene.lab.createSecret(`secret-${count}`, {});
    await scene.lab.networks.mergePatch("old", { metadata: { labels: { seen: "not" } } });
    await plane.compact();
    await plane.apiServer.kill();
    plane.apiServer.start();
    await plane.apiServer.ready();
    const asked = proxy.requests.length;
    proxy.accept();
    await eventually(
      () => proxy.requests.slice(asked).some(({ target }) => /bitcoinnetworks\?limit/.test(target)),
      { what: "the list after the expired watch", timeoutMs: TIMEOUT_MS },
    );
  });
}

async function tokenRotated(scene: Scene): Promise<void> {
  const first = await boundToken(scene, "first");
  const second = await boundToken(scene, "second");
  await using controller = await scene.start(first.token);
  await scene.survives(controller, async () => {
    await controller.rotateToken(second.token);
    await first.revoke();
  });
}

async function tokenRevoked(scene: Scene): Promise<void> {
  const first = await boundToken(scene, "first");
  const second = await boundToken(scene, "second");
  await using controller = await scene.start(first.token);
  await scene.survives(controller, async () => {
    await first.revoke();
    await scene.lab.networks.mergePatch("old", { spec: { nodes: 2 } });
    await eventually(() => controller.log.some((line) => /401/.test(JSON.stringify(line))), {
      what: "the refusal in the log",
      timeoutMs: TIMEOUT_MS,
    });
    await controller.rotateToken(second.token);
  });
}

/** A token that is void once its Secret is gone. */
async function boundToken(
  { target: { plane } }: Scene,
  label: string,
): Promise<{ token: string; revoke: () => Promise<void> }> {
  const { namespace, name } = controllerAccount;
  const secrets = plane.client.resource(SECRETS, namespace);
  const { metadata } = await secrets.create({ metadata: { generateName: `${label}-` } });
  const token = await plane.serviceAccountToken(namespace, name, {
    boundTo: { apiVersion: "v1", kind: "Secret", name: metadata.name, uid: metadata.uid },
  });
  return {
    token,
    revoke: async () => {
      await secrets.delete(metadata.name);
      // The API server remembers for some seconds that it was valid.
      using client = new KubeClient(plane.connectionWith(token, label));
      await eventually(
        () =>
          client.resource(PODS, namespace).list({ limit: 1 }).then(
            () => false,
            (error) => error instanceof ApiError && error.isUnauthorized,
          ),
        { what: "the old token to be refused", timeoutMs: TIMEOUT_MS },
      );
    },
  };
}

async function sameAuthority(scene: Scene): Promise<void> {
  const { plane } = scene.target;
  await using controller = await scene.start();
  await scene.survives(controller, async () => {
    await plane.replaceServingCertificate(await plane.authority.issueServer("another"));
    await plane.apiServer.kill();
    plane.apiServer.start();
    await plane.apiServer.ready();
  });
}

async function otherAuthority(scene: Scene): Promise<void> {
  const { plane } = scene.target;
  await using controller = await scene.start();
  await scene.survives(controller, async () => {
    const other = await CertificateAuthority.create("another CA");
    await plane.apiServer.kill();
    await plane.replaceServingCertificate(await other.issueServer());
    plane.apiServer.start();
    await eventually(
      () => controller.log.some((line) => /UnknownIssuer|certificate/.test(JSON.stringify(line))),
      { what: "the certificate in the log", timeoutMs: TIMEOUT_MS },
    );
    await plane.apiServer.kill();
    await plane.replaceServingCertificate(await plane.authority.issueServer());
    plane.apiServer.start();
    await plane.apiServer.ready();
  });
}

async function definitionDeleted(scene: Scene): Promise<void> {
  const { lab, target: { client } } = scene;
  await using controller = await scene.start();
  await lab.create("old", { nodes: 1 });
  await lab.untilReady("old", 1);
  const before = controller.log.length;
  await client.resource(CUSTOM_RESOURCE_DEFINITIONS).delete(
    "bitcoinnetworks.bitcoincontroller.christianb93.github.com",
  );
  await untilGone(client.resource(CUSTOM_RESOURCE_DEFINITIONS), undefined, {
    timeoutMs: TIMEOUT_MS,
  });
  await untilGone(lab.objects(STATEFUL_SETS), undefined, { timeoutMs: TIMEOUT_MS });
  await installDefinition(client);
  await scene.settles(controller, before, async () => {
    // The name may be served a moment after the CRD is established.
    await eventually(() => lab.create("old", { nodes: 2 }).then(() => true, () => false), {
      what: "networks to be known",
      timeoutMs: TIMEOUT_MS,
    });
    await lab.untilReady("old", 2);
  });
}

async function namespaceDeleted(scene: Scene): Promise<void> {
  const { lab, target: { client } } = scene;
  await using controller = await scene.start();
  const before = controller.log.length;
  for (let count = 0; count < 20; count++) await lab.create(`net-${count}`, { nodes: 1 });
  await until(lab.objects(STATEFUL_SETS), (sets) => sets.length > 5, { what: "the first sets" });
  await client.resource(NAMESPACES).delete(lab.namespace);
  await scene.settles(controller, before, async () => {
    await untilGone(
      client.resource(NAMESPACES),
      ({ metadata }) => metadata.name === lab.namespace,
      { timeoutMs: TIMEOUT_MS },
    );
  });
}
