import assert from "node:assert/strict";

import { eventually } from "../support/eventually.ts";
import { type KubectlResult, openKubectlWith } from "../support/kubectl.ts";
import { toolTest } from "../support/tools.ts";
import { createSet, shell, startShells } from "./_shells.ts";

toolTest(
  ["kubectl"],
  "kubectl logs shows what a container writes, follows it, and shows its last run",
  async (program) => {
    await using cluster = await startShells();
    await using kubectl = await openKubectlWith(
      program,
      await Deno.readTextFile(cluster.kubeconfig),
    );
    const script =
      `trap 'echo bye; exit 0' TERM; for i in 1 2 3; do echo "line $i"; done; while [ ! -e "$GO" ]; do sleep 0.02; done; echo last; exit 3`;
    const go = await Deno.makeTempFile();
    await Deno.remove(go);
    const kubectlLogs = (...args: string[]): Promise<KubectlResult> =>
      kubectl.run(["logs", "web-0", ...args]);
    await createSet(cluster, 1, { command: shell(script), env: [{ name: "GO", value: go }] });
    await eventually(async () => (await kubectlLogs()).stdout === "line 1\nline 2\nline 3\n");
    assert.equal((await kubectlLogs("--tail=1")).stdout, "line 3\n");
    assert.match(
      (await kubectlLogs("--timestamps", "--tail=1")).stdout,
      /^\d{4}-\d\d-\d\dT\S+Z line 3\n$/,
    );

    const following = new Deno.Command(program, {
      args: ["--kubeconfig", cluster.kubeconfig, "logs", "web-0", "-f", "--tail=1"],
      stdout: "piped",
    }).spawn();
    let followed = "";
    for await (const text of following.stdout.pipeThrough(new TextDecoderStream())) {
      if (followed === "") await Deno.writeTextFile(go, "");
      followed += text;
    }
    assert.equal(followed, "line 3\nlast\n");
    assert.equal((await following.status).code, 0);
    await eventually(async () =>
      (await kubectlLogs("--previous", "--tail=2")).stdout === "line 3\nlast\n"
    );
    const nothing = await kubectlLogs("-c", "other");
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /container other is not valid for pod web-0/);
    await Deno.remove(go);
  },
);

toolTest(
  ["kubectl"],
  "kubectl rollout waits for, lists and undoes the revisions of a set",
  async (program) => {
    await using cluster = await startShells();
    await using kubectl = await openKubectlWith(
      program,
      await Deno.readTextFile(cluster.kubeconfig),
    );
    await createSet(cluster, 2);
    const run = (...args: string[]): Promise<string> => kubectl.ok(args);
    await run("set", "env", "sts/web", "ROUND=2");
    assert.match(
      await run("rollout", "status", "sts/web", "--timeout=10s"),
      /2 new pods have been updated/,
    );
    assert.match(await run("rollout", "history", "sts/web"), /^1 .*\n2 /m);
    await run("rollout", "undo", "sts/web");
    await run("rollout", "status", "sts/web", "--timeout=10s");
    assert.equal(
      await run("get", "sts", "web", "-o", "jsonpath={.spec.template.spec.containers[0].env}"),
      "",
    );
    assert.match(await run("rollout", "history", "sts/web"), /^2 .*\n3 /m);
  },
);
