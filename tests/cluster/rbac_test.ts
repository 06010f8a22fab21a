/** The controller under exactly the rights of its table, on a real API server: what it does when one is missing. */

import assert from "node:assert/strict";
import {
  type KubeObject,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import { OWN_NAMESPACE_RIGHTS, RIGHTS } from "../../lib/network/mod.ts";
import { eventually, until } from "../support/eventually.ts";
import { openKubectlWith, table } from "../support/kubectl.ts";
import { captureLogs } from "../support/logs.ts";
import { controlPlaneSuite } from "../support/tools.ts";
import { checkUse, type Grant, grantsOf, nameOf, Refusals, withdraw } from "./grants.ts";
import { CONTROLLER_USER, controllerAccount, installAccount } from "./install.ts";
import { Lab, RunningController } from "./lab.ts";
import { cannotLead, looksAgain } from "./missing_lease_right.ts";
import { isAbout, MissingRight, RECOVERY_MS, untilWarned, type World } from "./missing_right.ts";
import { RealCluster } from "./real_cluster.ts";

/** Verbs that only informers use. */
const INFORMER_VERBS = ["list", "watch"];

controlPlaneSuite(
  ["kubectl"],
  "the controller under the rights of its table",
  async (t, assets, [program = ""]) => {
    await using target = await RealCluster.start({ assets, bitcoind: "fake" });
    await using logs = await captureLogs();
    const refusals = new Refusals();
    const world = { target, logs, refusals };
    {
      await using _controller = new RunningController(target, {}, refusals.observer);
      for (const grant of grantsOf(RIGHTS)) {
        const missing = caseOf(grant);
        if (!missing) continue;
        await t.step(`is without '${nameOf(grant)}', says so, and recovers`, async () => {
          await using lab = await MissingRight.start(world, grant);
          await missing(lab);
        });
      }
    }
    for (const grant of grantsOf(RIGHTS).filter(({ verb }) => INFORMER_VERBS.includes(verb))) {
      await t.step(`starts without '${nameOf(grant)}', says so, and recovers`, async () => {
        await using lab = await MissingRight.start(world, grant);
        await startsWithout(lab);
      });
    }
    for (const grant of grantsOf(OWN_NAMESPACE_RIGHTS)) {
      const [outcome, missing] = grant.verb === "watch"
        ? ["leads all the same", looksAgain]
        : ["says so, and recovers", cannotLead];
      await t.step(`is without '${nameOf(grant)}' in its namespace, ${outcome}`, async () => {
        await using lab = await MissingRight.start(world, grant);
        await missing(lab);
      });
    }
    await t.step("loses what it watches by under way, says so, and catches up", async () => {
      await losesWatches(world);
    });
    await t.step("asks for nothing beyond the tables, and for all that is in them", async () => {
      checkUse(await target.controllerRequests());
    });
    await t.step("kubectl auth can-i --list shows the table, and nothing else", async () => {
      await using kubectl = await openKubectlWith(
        program,
        await Deno.readTextFile(target.plane.kubeconfig),
      );
      const list = async (namespace: string): Promise<string[]> =>
        canI(
          await kubectl.ok(["auth", "can-i", "--list", `--as=${CONTROLLER_USER}`, "-n", namespace]),
        );
      assert.deepEqual(await list("default"), rowsOf(RIGHTS));
      assert.deepEqual(
        await list(controllerAccount.namespace),
        rowsOf([...RIGHTS, ...OWN_NAMESPACE_RIGHTS]),
      );
    });
    await t.step("serves some namespaces with a Role in each", () => servesSome(target));
  },
);

type Case = (lab: MissingRight) => Promise<void>;

/** What needs a grant while the controller runs; nothing for those that only its start needs. */
function caseOf({ resource, verb }: Grant): Case | undefined {
  if (resource === "bitcoinnetworks/status") return withoutStatus;
  if (resource === "statefulsets/scale") return cannotResize;
  if (resource === "events") return verb === "create" ? withoutEvents : withoutRepeats;
  if (INFORMER_VERBS.includes(verb)) return undefined;
  return verb === "get" ? cannotLook : stalls;
}

/** Nothing is read before it is written; only what has the name of one of a network's objects is looked at. */
async function cannotLook(missing: MissingRight): Promise<void> {
  const { lab, grant: { resource } } = missing;
  const { type, object } = strangerOf(resource);
  await lab.objects(type).create(object);
  await staysStalled(missing);
  await missing.restore();
  await lab.untilCondition("net", "Stalled", "True", "NameConflict");
  await lab.objects(type).delete(object.metadata?.name ?? "");
  await lab.untilReady("net", 1);
  assert.equal(await lab.countEvents("net", "Forbidden"), 1);
}

/** An object of somebody else's that has the name of one of the network's. */
function strangerOf(resource: string): {
  readonly type: ResourceType<KubeObject>;
  readonly object: KubeObject & { readonly spec?: unknown };
} {
  if (resource === "secrets") return { type: SECRETS, object: { metadata: { name: "net-conf" } } };
  if (resource === "services") {
    const spec = { ports: [{ port: 80 }] };
    return { type: SERVICES, object: { metadata: { name: "net-svc" }, spec } };
  }
  const labels = { who: "somebody" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "a", image: "a" }] } };
  const spec = { replicas: 0, serviceName: "a", selector: { matchLabels: labels }, template };
  return { type: STATEFUL_SETS, object: { metadata: { name: "net-sts" }, spec } };
}

/** A network that cannot get an object is stalled, tells so by a condition, an event and a log line, and goes on later. */
async function stalls(missing: MissingRight): Promise<void> {
  const { lab } = missing;
  await staysStalled(missing);
  await missing.restore();
  await lab.untilReady("net", 1);
  const { status } = await lab.networks.get("net");
  assert.ok(!status?.conditions?.some(({ type }) => type === "Stalled"));
  assert.equal(await lab.countEvents("net", "Forbidden"), 1);
}

/** A network that cannot get another number of nodes keeps what it has. */
async function cannotResize(missing: MissingRight): Promise<void> {
  const { lab } = missing;
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  await lab.networks.mergePatch("net", { spec: { nodes: 2 } });
  await saysForbidden(missing);
  assert.equal((await lab.networks.get("net")).status?.readyReplicas, 1);
  await missing.restore();
  await lab.untilReady("net", 2);
  assert.equal(await lab.countEvents("net", "Forbidden"), 1);
  assert.equal(await lab.countEvents("net", "Scaled"), 1);
  assert.equal(await lab.countEvents("net", "Repaired"), 0);
}

/** Creates the network and sees it told of the missing right. */
async function staysStalled(missing: MissingRight): Promise<void> {
  await missing.lab.create("net", { nodes: 1 });
  await saysForbidden(missing);
}

/** Sees the network told of the missing right. */
async function saysForbidden(missing: MissingRight): Promise<void> {
  const { lab, grant } = missing;
  const stalled = await lab.untilCondition("net", "Stalled", "True", "Forbidden");
  const condition = stalled.status?.conditions?.find(({ type }) => type === "Stalled");
  assert.ok(isAbout(grant, condition?.message ?? ""), condition?.message);
  const [event] = await lab.untilEvent("net", "Forbidden");
  assert.equal(event?.type, "Warning");
  assert.ok(isAbout(grant, event?.note ?? ""), event?.note);
  await missing.untilLogged();
}

/** Without a status there is no condition; the network gets its objects, an event tells, and the status comes later. */
async function withoutStatus(missing: MissingRight): Promise<void> {
  const { lab, grant } = missing;
  await lab.create("net", { nodes: 1 });
  const [event] = await lab.untilEvent("net", "Forbidden");
  assert.ok(isAbout(grant, event?.note ?? ""), event?.note);
  await missing.untilLogged();
  // The network itself is looked after, and what happens to it is told.
  await lab.untilEvent("net", "CreatedStatefulSet");
  await lab.networks.mergePatch("net", { spec: { nodes: 2 } });
  await lab.untilEvent("net", "Scaled");
  await lab.untilEvent("net", "Connected");
  assert.equal((await lab.networks.get("net")).status, undefined);
  await missing.restore();
  await lab.untilReady("net", 2);
  assert.equal(await lab.countEvents("net", "Forbidden"), 1);
  assert.equal(await lab.countEvents("net", "Connected"), 1);
}

/** Without events all else goes on. */
async function withoutEvents(missing: MissingRight): Promise<void> {
  const { lab } = missing;
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  await missing.untilLogged();
  await missing.restore();
  await lab.networks.mergePatch("net", { spec: { nodes: 2 } });
  await lab.untilEvent("net", "Scaled");
}

/** Without counts all else goes on. */
async function withoutRepeats(missing: MissingRight): Promise<void> {
  const { lab } = missing;
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  await repaired(lab);
  await lab.untilEvent("net", "Repaired");
  await repaired(lab);
  await missing.untilLogged();
  await missing.restore();
  await repaired(lab);
  await eventually(async () => await lab.countEvents("net", "Repaired") === 3, {
    what: "the count of the event",
    timeoutMs: RECOVERY_MS,
  });
}

async function repaired(lab: Lab): Promise<void> {
  const services = lab.objects(SERVICES);
  await services.mergePatch("net-svc", { spec: { publishNotReadyAddresses: false } });
  await until(services, (found) => found.some(({ spec }) => spec?.publishNotReadyAddresses), {
    what: "the Service to be put back",
    timeoutMs: RECOVERY_MS,
  });
}

/** A controller that cannot see what it must see does nothing yet, and starts as soon as it can. */
async function startsWithout(missing: MissingRight): Promise<void> {
  const { lab, world: { target, refusals } } = missing;
  await lab.create("net", { nodes: 1 });
  await using _controller = new RunningController(target, {}, refusals.observer);
  await missing.untilLogged();
  await missing.restore();
  await lab.untilReady("net", 1);
}

/** A watch that is open stays open without its right; the next one is refused, and so is the list. */
async function losesWatches({ target, logs }: World): Promise<void> {
  const { client, plane } = target;
  const lab = new Lab(target, "loses-watches");
  await lab.setUp();
  await using _controller = new RunningController(target);
  await lab.create("net", { nodes: 1 });
  await lab.untilReady("net", 1);
  const from = logs.lines.length;
  const lists = grantsOf(RIGHTS).filter(({ verb }) => verb === "list");
  const watches = lists.map((grant) => ({ ...grant, verb: "watch" }));
  {
    await using _withdrawn = await withdraw(client, ...lists, ...watches);
    await plane.apiServer.kill();
    plane.apiServer.start();
    await plane.apiServer.ready();
    for (const grant of watches) await untilWarned(grant, logs, from);
    await lab.networks.mergePatch("net", { spec: { nodes: 2 } });
    for (const grant of lists) await untilWarned(grant, logs, from);
  }
  await lab.untilReady("net", 2);
}

/** Rights as rows of resource, names and verbs. */
function rowsOf(rights: typeof RIGHTS): string[] {
  return rights.map(({ apiGroup, resource, verbs, resourceNames = [] }) => {
    const [kind, subresource] = resource.split("/");
    const name = apiGroup ? `${kind}.${apiGroup}` : kind;
    const full = subresource ? `${name}/${subresource}` : name;
    return `${full} [${resourceNames.join(" ")}] [${[...verbs].sort().join(" ")}]`;
  }).sort();
}

/** The rows of `kubectl auth can-i --list`, but for what every account may do. */
function canI(text: string): string[] {
  const [, ...rows] = table(text);
  return rows
    .filter(([resource = ""]) => !/^self|^\[/.test(resource))
    .map(([resource, , names, verbs = ""]) => {
      const sorted = verbs.slice(1, -1).split(" ").sort().join(" ");
      return `${resource} ${names} [${sorted}]`;
    }).sort();
}

/** With Roles in `a` and `b` alone, networks there converge, one elsewhere is left alone, and nothing is forbidden. */
async function servesSome(target: RealCluster): Promise<void> {
  const { client } = target;
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  await client.request({
    method: "DELETE",
    path: `${rbac}/clusterrolebindings/bitcoin-controller-role-binding`,
  });
  const labs = ["a", "b", "c"].map((name) => new Lab(target, `some-${name}`));
  for (const lab of labs) await lab.setUp();
  const [a, b, c] = labs;
  if (!a || !b || !c) throw new TypeError("There are three");
  const namespaces = [a.namespace, b.namespace];
  await installAccount(client, namespaces);
  const before = (await target.controllerRequests()).length;
  await using _controller = new RunningController(target, { namespaces });
  for (const lab of labs) await lab.create("net", { nodes: 2 });
  await a.untilReady("net", 2);
  await b.untilReady("net", 2);
  const { status } = await c.networks.get("net");
  assert.equal(status, undefined);
  const { items } = await c.objects(SERVICES as ResourceType<KubeObject>).list();
  assert.deepEqual(items, []);
  const own = (await target.controllerRequests()).slice(before);
  assert.ok(own.length > 0);
  assert.deepEqual(own.filter(({ code }) => code === 403), []);
  for (const { namespace, uri } of own) assert.ok(namespaces.includes(namespace), uri);
}
