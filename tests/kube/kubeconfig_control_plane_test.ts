import assert from "node:assert/strict";

import { parse, stringify } from "yaml";

import { type Connection, KubeClient, loadConnection, NAMESPACES } from "../../lib/kube/mod.ts";
import { deadline } from "../../lib/time/mod.ts";
import { ControlPlane } from "../support/control_plane/mod.ts";
import { captureLogs } from "../support/logs.ts";
import { controlPlaneSuite } from "../support/tools.ts";

/** Whom the API server takes us for. */
interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

async function whoAmI(connection: Connection): Promise<UserInfo> {
  using client = new KubeClient(connection);
  const answer = await client.request({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body: {},
  });
  // as: the API promises it.
  return (answer as { readonly status: { readonly userInfo: UserInfo } }).status.userInfo;
}

controlPlaneSuite(["kubectl"], "kubeconfigs that kubectl wrote", async (t, assets, [kubectl]) => {
  await using plane = await ControlPlane.start({ assets, controllers: false });
  const file = `${plane.folder}/written`;
  const config = async (...args: string[]): Promise<void> => {
    // Where it stands, kubectl writes paths that start from the kubeconfig.
    const { success, stderr } = await new Deno.Command(kubectl ?? "", {
      args: [`--kubeconfig=${file}`, "config", ...args],
      cwd: plane.folder,
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  const context = async (name: string, cluster: string, user: string): Promise<Connection> => {
    await config("set-context", name, `--cluster=${cluster}`, `--user=${user}`);
    return await loadConnection({ kubeconfig: file, context: name });
  };
  const authorization = await plane.connection("admin").credentials?.authorization();
  const admin = authorization?.replace("Bearer ", "");
  await config(
    "set-cluster",
    "plain",
    `--server=${plane.server}`,
    "--certificate-authority=ca.crt",
  );
  await config("set-credentials", "admin", `--token=${admin}`);

  await t.step("a token, and an authority in a file beside the kubeconfig", async () => {
    assert.equal((await whoAmI(await context("token", "plain", "admin"))).username, "admin");
  });

  await t.step("a plugin beside the kubeconfig", async () => {
    const apiVersion = "client.authentication.k8s.io/v1beta1";
    const answer = { apiVersion, kind: "ExecCredential", status: { token: admin } };
    const script = `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`;
    // In a folder: of './plugin' kubectl makes 'plugin', which is then looked for in PATH.
    await Deno.mkdir(`${plane.folder}/bin`);
    await Deno.writeTextFile(`${plane.folder}/bin/plugin`, script, { mode: 0o700 });
    await config(
      "set-credentials",
      "plugin",
      "--exec-command=./bin/plugin",
      `--exec-api-version=${apiVersion}`,
    );
    assert.equal((await whoAmI(await context("exec", "plain", "plugin"))).username, "admin");
  });

  await t.step("tls-server-name", async () => {
    const cluster = ["--certificate-authority=ca.crt", `--server=${plane.server}`];
    await config("set-cluster", "named", ...cluster, "--tls-server-name=localhost");
    const connection = await context("named", "named", "admin");
    assert.equal((await whoAmI(connection)).username, "admin");
    await watches(connection);
    await config("set-cluster", "misnamed", ...cluster, "--tls-server-name=other.example");
    const other = await context("misnamed", "misnamed", "admin");
    await assert.rejects(whoAmI(other), { name: "TransportError" });
  });

  await t.step("insecure-skip-tls-verify", async () => {
    await using logs = await captureLogs();
    await config("set-cluster", "open", `--server=${plane.server}`, "--insecure-skip-tls-verify");
    const connection = await context("open", "open", "admin");
    assert.equal((await whoAmI(connection)).username, "admin");
    await watches(connection);
    assert.match(logs.lines[0]?.text ?? "", /NOT CHECKED/);
  });

  await t.step("impersonation, which kubectl cannot write", async () => {
    const written = parse(await Deno.readTextFile(file));
    written.users.push({
      name: "jane",
      user: {
        token: admin,
        as: "jürgen",
        "as-uid": "17",
        "as-groups": ["developers", "a, b"],
        "as-user-extra": { "example.com/scopes": ["read", "write"] },
      },
    });
    await Deno.writeTextFile(file, stringify(written));
    const { groups, ...rest } = await whoAmI(await context("jane", "plain", "jane"));
    assert.deepEqual(rest, {
      username: "jürgen",
      uid: "17",
      extra: { "example.com/scopes": ["read", "write"] },
    });
    assert.deepEqual([...groups].sort(), ["a, b", "developers", "system:authenticated"]);
  });
});

/** A watch brings what is created after it was opened. */
async function watches(connection: Connection): Promise<void> {
  using client = new KubeClient(connection);
  const namespaces = client.resource(NAMESPACES);
  const name = `watched-${crypto.randomUUID().slice(0, 8)}`;
  const { resourceVersion } = await namespaces.list();
  using limit = deadline(30_000);
  let created: Promise<unknown> | undefined;
  const watch = namespaces.watch({
    resourceVersion,
    signal: limit.signal,
    onOpen: () => created = namespaces.create({ metadata: { name } }),
  });
  for await (const event of watch) {
    if (event.type === "ADDED" && event.object.metadata.name === name) break;
  }
  await created;
}
