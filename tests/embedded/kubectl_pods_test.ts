/** The stock kubectl against the embedded API server: pods with their logs, StatefulSets, events. */

import assert from "node:assert/strict";

import { ApiServer } from "../../lib/embedded/api/mod.ts";
import { toolSuite } from "../support/tools.ts";
import { DEFINITION, gadget } from "./_gadgets.ts";
import { type Kubectl, openKubectl, table } from "../support/kubectl.ts";

const TOKEN = "secret";

toolSuite(
  ["kubectl"],
  "ApiServer serves kubectl with pods, StatefulSets and events",
  async (t, [program = ""]) => {
    await using server = new ApiServer({ tokens: new Map([[TOKEN, "admin"]]) });
    await server.start();
    await using kubectl = await openKubectl(program, server.urlWithToken(TOKEN));

    await t.step(
      "describe and events: an event of events.k8s.io, seen through the core group",
      async () => {
        await kubectl.ok(["create", "-f", await kubectl.file("crd", DEFINITION)]);
        await kubectl.ok(["create", "-f", await kubectl.file("gadget", gadget({ size: 13 }))]);
        const { metadata } = JSON.parse(await kubectl.ok(["get", "gadget", "a", "-o", "json"]));
        const event = await kubectl.file("event", {
          apiVersion: "events.k8s.io/v1",
          kind: "Event",
          metadata: { name: "e.1", namespace: "default" },
          eventTime: new Date().toISOString().replace("Z", "000Z"),
          regarding: {
            apiVersion: "example.com/v1",
            kind: "Gadget",
            namespace: "default",
            name: "a",
            uid: metadata.uid,
          },
          reason: "Grown",
          note: "It has grown",
          type: "Normal",
          action: "Grow",
          reportingController: "gadget-controller",
          reportingInstance: "x",
        });
        await kubectl.ok(["create", "-f", event]);
        const described = await kubectl.ok(["describe", "gadget", "a"]);
        assert.match(described, /^Spec:\n {2}Color: +red\n {2}Size: +13$/m);
        assert.match(described, /Normal +Grown +\S+ +gadget-controller +It has grown/);
        assert.match(
          await kubectl.ok(["events", "--for", "gadget.example.com/a"]),
          /Normal +Grown +Gadget\/a +It has grown/,
        );
        assert.match(await kubectl.ok(["get", "events"]), /Normal +Grown +gadget\/a +It has grown/);
      },
    );

    await t.step("run, get pods, logs, logs --follow and delete of a pod", async () => {
      await using kubelet = startKubelet();
      await registerNode(kubectl, kubelet.addr.port);
      const overrides = JSON.stringify({ spec: { nodeName: "n1" } });
      await kubectl.ok(["run", "p", "--image=x", `--overrides=${overrides}`]);
      assert.deepEqual(table(await kubectl.ok(["get", "pods", "-o", "wide"]))[1]?.slice(0, 4), [
        "p",
        "0/1",
        "Pending",
        "0",
      ]);
      assert.match(await kubectl.ok(["describe", "pod", "p"]), /Node: +n1/);
      assert.equal(
        await kubectl.ok(["logs", "p", "--tail=2"]),
        "GET /containerLogs/default/p/p?tailLines=2\n",
      );
      await using lines = kubectl.follow(["logs", "p", "--follow"]);
      assert.equal(await lines.next(), "GET /containerLogs/default/p/p?follow=true");
      assert.equal(await lines.next(), "and so on");
      assert.match(
        await kubectl.fails(["logs", "p", "-c", "other"]),
        /container other is not valid for pod p/,
      );
      await kubectl.ok(["delete", "pod", "p", "--grace-period=0", "--force"]);
      assert.equal(await kubectl.ok(["get", "pods", "-o", "name"]), "");
    });

    await t.step("rollout, scale and delete of a StatefulSet", async () => {
      const labels = { app: "s" };
      const file = await kubectl.file("sts", {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: "s" },
        spec: {
          serviceName: "s",
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } },
        },
      });
      await kubectl.ok(["apply", "-f", file]);
      await kubectl.ok(["scale", "statefulset", "s", "--replicas=3"]);
      await kubectl.ok(["set", "image", "statefulset/s", "c=y"]);
      const [, [name, ready, _age, containers, images] = []] = table(
        await kubectl.ok(["get", "sts", "-o", "wide"]),
      );
      assert.deepEqual([name, ready, containers, images], ["s", "0/3", "c", "y"]);
      assert.equal(
        await kubectl.ok(["delete", "statefulset", "s", "--cascade=orphan", "--wait=false"]),
        'statefulset.apps "s" deleted\n',
      );
    });
  },
);

/** A stand-in for a kubelet: it says what it was asked for, and goes on if it is to be followed. */
function startKubelet(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ method, url }) => {
    const { pathname, search, searchParams } = new URL(url);
    const encoder = new TextEncoder();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(encoder.encode(`${method} ${pathname}${search}\n`));
        if (searchParams.has("follow")) controller.enqueue(encoder.encode("and so on\n"));
        else controller.close();
      },
    });
    return new Response(body);
  });
}

async function registerNode(kubectl: Kubectl, port: number): Promise<void> {
  const file = await kubectl.file("node", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  });
  await kubectl.ok(["create", "-f", file]);
}
