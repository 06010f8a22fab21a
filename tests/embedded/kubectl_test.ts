/** The stock kubectl against the embedded API server: objects of any kind. */

import assert from "node:assert/strict";

import { ApiServer, type RequestRecord } from "../../lib/embedded/api/mod.ts";
import { eventually } from "../support/eventually.ts";
import { toolSuite } from "../support/tools.ts";
import { DEFINITION, gadget } from "./_gadgets.ts";
import { openKubectl, table } from "../support/kubectl.ts";

const TOKEN = "secret";

toolSuite(
  ["kubectl"],
  "ApiServer serves kubectl with objects of any kind",
  async (t, [program = ""]) => {
    await using server = new ApiServer({ tokens: new Map([[TOKEN, "admin"]]) });
    await server.start();
    await using kubectl = await openKubectl(program, server.urlWithToken(TOKEN));
    const size = (): Promise<string> =>
      kubectl.ok(["get", "gadget", "a", "-o", "jsonpath={.spec.size}"]);

    await t.step("version, api-resources, auth can-i, auth whoami", async () => {
      const [version, resources, canI, all, whoAmI] = await Promise.all([
        kubectl.ok(["version"]),
        kubectl.ok(["api-resources", "--no-headers"]),
        kubectl.ok(["auth", "can-i", "delete", "pods"]),
        kubectl.ok(["auth", "can-i", "--list"]),
        kubectl.ok(["auth", "whoami"]),
      ]);
      assert.match(version, /Server Version: v1\.34\./);
      for (
        const name of ["pods", "statefulsets", "events", "leases", "customresourcedefinitions"]
      ) {
        assert.ok(table(resources).some(([plural]) => plural === name), name);
      }
      assert.equal(canI, "yes\n");
      assert.match(all, /\*\.\*/);
      assert.match(whoAmI, /Username +admin/);
    });

    await t.step("create namespace, configmap, secret, serviceaccount and service", async () => {
      const [namespace] = await Promise.all([
        kubectl.ok(["create", "namespace", "n"]),
        kubectl.ok(["create", "configmap", "c", "--from-literal=x=1", "--from-literal=y=ä"]),
        kubectl.ok(["create", "secret", "generic", "s", "--from-literal=password=geheim"]),
        kubectl.ok(["create", "serviceaccount", "robot"]),
        kubectl.ok(["create", "service", "clusterip", "web", "--tcp=80:http"]),
      ]);
      const [data, password, services, again] = await Promise.all([
        kubectl.ok(["get", "configmap", "c", "-o", "jsonpath={.data}"]),
        kubectl.ok(["get", "secret", "s", "-o", "jsonpath={.data.password}"]),
        kubectl.ok(["get", "service", "web"]),
        kubectl.fails(["create", "namespace", "n"]),
      ]);
      assert.equal(namespace, "namespace/n created\n");
      assert.equal(data, '{"x":"1","y":"ä"}');
      assert.equal(password, btoa("geheim"));
      assert.deepEqual(table(services)[1]?.slice(0, 5), [
        "web",
        "ClusterIP",
        "10.0.0.2",
        "<none>",
        "80/TCP",
      ]);
      assert.equal(again, 'Error from server (AlreadyExists): namespaces "n" already exists\n');
    });

    await t.step("apply a CRD and wait for its condition", async () => {
      const file = await kubectl.file("crd", DEFINITION);
      assert.equal(
        await kubectl.ok(["apply", "-f", file]),
        "customresourcedefinition.apiextensions.k8s.io/gadgets.example.com created\n",
      );
      await kubectl.ok([
        "wait",
        "--for=condition=Established",
        "crd/gadgets.example.com",
        "--timeout=5s",
      ]);
    });

    await t.step(
      "apply: create, unchanged, three-way merge, and a refusal of the schema",
      async () => {
        const first = await kubectl.file(
          "first",
          gadget({ size: 3, color: "blue" }, { keep: "1", drop: "1" }),
        );
        assert.equal(await kubectl.ok(["apply", "-f", first]), "gadget.example.com/a created\n");
        assert.equal(await kubectl.ok(["apply", "-f", first]), "gadget.example.com/a unchanged\n");
        await kubectl.ok(["label", "gadget", "a", "other=hand"]);
        const second = await kubectl.file("second", gadget({ size: 4 }, { keep: "1" }));
        assert.match((await kubectl.run(["diff", "-f", second])).stdout, /^\+ {2}size: 4$/m);
        assert.equal(
          await kubectl.ok(["apply", "-f", second]),
          "gadget.example.com/a configured\n",
        );
        assert.equal(
          await kubectl.ok(["get", "gadget", "a", "-o", "jsonpath={.metadata.labels} {.spec}"]),
          '{"keep":"1","other":"hand"} {"color":"red","size":4}',
        );
        const wrong = await kubectl.file("wrong", gadget({ size: 101 }));
        assert.match(
          await kubectl.fails(["apply", "-f", wrong]),
          /The Gadget "a" is invalid: spec\.size: Invalid value: 101: spec\.size in body should be less than or equal to 100\n/,
        );
        const typo = await kubectl.file("typo", gadget({ size: 4, colour: "red" }));
        assert.match(
          await kubectl.fails(["apply", "-f", typo]),
          /strict decoding error: unknown field "spec\.colour"/,
        );
      },
    );

    await t.step("get: columns, wide, categories, yaml, json, selectors", async () => {
      const [columns, wide, yaml, json, labelled, none, missing] = await Promise.all([
        kubectl.ok(["get", "gd"]),
        kubectl.ok(["get", "toys", "-o", "wide"]),
        kubectl.ok(["get", "gadgets/a", "-o", "yaml"]),
        kubectl.ok(["get", "gd", "-A", "-o", "json"]),
        kubectl.ok(["get", "gd", "-l", "other=hand", "-o", "name"]),
        kubectl.ok(["get", "gd", "--field-selector=metadata.name=b", "-o", "name"]),
        kubectl.fails(["get", "gd", "nothing"]),
      ]);
      assert.deepEqual(table(columns), [["NAME", "SIZE", "READY"], ["a", "4"]]);
      assert.deepEqual(table(wide), [["NAME", "SIZE", "READY", "COLOR"], ["a", "4", "red"]]);
      assert.match(yaml, /^spec:\n {2}color: red\n {2}size: 4$/m);
      assert.equal(JSON.parse(json).items[0].kind, "Gadget");
      assert.equal(labelled, "gadget.example.com/a\n");
      assert.equal(none, "");
      assert.equal(
        missing,
        'Error from server (NotFound): gadgets.example.com "nothing" not found\n',
      );
    });

    await t.step("get --watch follows changes", async () => {
      await using watch = kubectl.follow(["get", "gd", "--watch"]);
      assert.match(await watch.next() ?? "", /^NAME +SIZE +READY/);
      assert.match(await watch.next() ?? "", /^a +4/);
      await kubectl.ok(["scale", "gadget", "a", "--replicas=5"]);
      assert.match(await watch.next() ?? "", /^a +5/);
    });

    await t.step(
      "scale: by the current size, and only from the size that is expected",
      async () => {
        assert.equal(await size(), "5");
        await kubectl.ok(["scale", "gadget", "a", "--replicas=6", "--current-replicas=5"]);
        assert.match(
          await kubectl.fails(["scale", "gadget", "a", "--replicas=7", "--current-replicas=5"]),
          /Expected replicas to be 5, was 6/,
        );
        assert.match(
          await kubectl.fails(["scale", "gadget", "a", "--replicas=500"]),
          /should be less than or equal to 100/,
        );
      },
    );

    await t.step("patch: merge, JSON, strategic and the status", async () => {
      await kubectl.ok(["patch", "gadget", "a", "--type=merge", "-p", '{"spec":{"size":8}}']);
      await kubectl.ok([
        "patch",
        "gadget",
        "a",
        "--type=json",
        "-p",
        '[{"op":"replace","path":"/spec/size","value":9}]',
      ]);
      assert.equal(await size(), "9");
      assert.match(
        await kubectl.fails(["patch", "gadget", "a", "-p", "{}"]),
        /strategic-merge-patch\+json is not supported/,
      );
      await kubectl.ok(["patch", "configmap", "c", "-p", '{"data":{"x":null,"z":"3"}}']);
      assert.equal(
        await kubectl.ok(["get", "configmap", "c", "-o", "jsonpath={.data}"]),
        '{"y":"ä","z":"3"}',
      );
      const status = { status: { conditions: [{ type: "Ready", status: "True" }] } };
      await kubectl.ok([
        "patch",
        "gadget",
        "a",
        "--subresource=status",
        "--type=merge",
        "-p",
        JSON.stringify(status),
      ]);
      assert.deepEqual(table(await kubectl.ok(["get", "gd"]))[1], ["a", "9", "True"]);
    });

    await t.step("wait: for a condition, a value and a deletion", async () => {
      await kubectl.ok(["wait", "--for=condition=Ready", "gadget/a", "--timeout=5s"]);
      const waiting = kubectl.ok([
        "wait",
        "--for=jsonpath={.spec.size}=11",
        "gadget/a",
        "--timeout=10s",
      ]);
      await watched(server, "gadgets");
      await kubectl.ok(["scale", "gadget", "a", "--replicas=11"]);
      assert.equal(await waiting, "gadget.example.com/a condition met\n");
      const gone = kubectl.ok(["wait", "--for=delete", "configmap/c", "--timeout=10s"]);
      await watched(server, "configmaps");
      await kubectl.ok(["delete", "configmap", "c"]);
      assert.equal(await gone, "configmap/c condition met\n");
    });

    await t.step("apply --server-side: create, conflict, force", async () => {
      const file = await kubectl.file("applied", gadget({ size: 12 }));
      assert.match(
        await kubectl.fails(["apply", "--server-side", "-f", file]),
        /conflict with "kubectl" with subresource "scale" using example\.com\/v1: \.spec\.size/,
      );
      assert.equal(
        await kubectl.ok(["apply", "--server-side", "--force-conflicts", "-f", file]),
        "gadget.example.com/a serverside-applied\n",
      );
      assert.equal(await size(), "12");
    });

    await t.step("edit, replace, label and annotate", async () => {
      await kubectl.ok(["edit", "gadget", "a"], { KUBE_EDITOR: "sed -i 's/size: 12/size: 13/'" });
      assert.equal(await size(), "13");
      const object = JSON.parse(await kubectl.ok(["get", "gadget", "a", "-o", "json"]));
      await kubectl.ok(["annotate", "gadget", "a", "note=later"]);
      const stale = await kubectl.file("stale", object);
      assert.match(
        await kubectl.fails(["replace", "-f", stale]),
        /the object has been modified; please apply your changes to the latest version/,
      );
      await kubectl.ok(["label", "gadget", "a", "other-"]);
      assert.equal(
        await kubectl.ok(["get", "gadget", "a", "-o", "jsonpath={.metadata.labels.other}"]),
        "",
      );
    });

    await t.step("explain: built-in and custom kinds", async () => {
      assert.match(
        await kubectl.ok(["explain", "gadget.spec"]),
        /What is wanted\.[^]*size\t<integer> -required-\n +How big it is to be\./,
      );
      assert.match(
        await kubectl.ok(["explain", "statefulset.spec.serviceName"]),
        /FIELD: serviceName <string>/,
      );
    });

    await t.step("delete: an object, and a CRD with its objects", async () => {
      await kubectl.ok(["delete", "crd", "gadgets.example.com"]);
      assert.match(
        await kubectl.fails(["get", "gadget", "a"]),
        /the server could not find the requested resource/,
      );
      assert.equal(await kubectl.ok(["get", "crd", "-o", "name"]), "");
    });
  },
);

/** Waits until somebody watches a resource: kubectl does once it has seen that it has to wait. */
async function watched(server: ApiServer, resource: string): Promise<void> {
  const last = server.requests.at(-1)?.id ?? 0;
  const isWatch = (request: RequestRecord): boolean =>
    request.id > last && request.verb === "watch" && request.resource === resource;
  await eventually(() => server.requests.some(isWatch), { what: `kubectl to watch ${resource}` });
}
