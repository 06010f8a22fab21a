/**
 * A real etcd, kube-apiserver and kube-controller-manager on loopback, for tests; thrown away with all their data.
 * Enter at {@linkcode ControlPlane}.
 */

import { stringify } from "yaml";
import { type Connection, KubeClient, StaticToken, TlsMaterial } from "../../../lib/kube/mod.ts";
import { Guard } from "../guard.ts";
import { AUDIT_POLICY, type AuditRecord, parseAuditLog } from "./audit_log.ts";
import { CertificateAuthority, type KeyPair, signingKeys } from "./certificates.ts";
import { Component } from "./component.ts";
import {
  apiServerFlags,
  controllerManagerFlags,
  etcdFlags,
  freePorts,
  type Ports,
} from "./flags.ts";
import { serviceAccountToken, type TokenOptions } from "./service_account_token.ts";

/** The users that have a token from the start, and their groups. */
const USERS = {
  admin: { name: "admin", groups: "system:masters" },
  controllerManager: { name: "system:kube-controller-manager", groups: "" },
  scheduler: { name: "system:kube-scheduler", groups: "" },
  kubelet: { name: "system:node:local", groups: "system:nodes" },
} as const;

/** One of those users. */
export type ControlPlaneUser = keyof typeof USERS;

/** How a {@linkcode ControlPlane} is set up. */
export interface ControlPlaneOptions {
  /** Folder with the programs: that of `KUBEBUILDER_ASSETS`. */
  readonly assets: string;
  /**
   * Prepares the API server before kube-controller-manager starts, which looks for new kinds only every 30 s: the place
   * for CustomResourceDefinitions.
   *
   * @default {nothing}
   */
  readonly prepare?: (client: KubeClient) => Promise<void>;
  /**
   * Whether kube-controller-manager runs: without it nothing happens by itself.
   *
   * @default {true}
   */
  readonly controllers?: boolean;
}

/** A control plane that runs from {@linkcode ControlPlane.start} until it is disposed of, also after a failed test. */
export class ControlPlane implements AsyncDisposable {
  /** Folder with all its files; `*.log` is what its parts say. */
  readonly folder: string;
  /** URL of the API server. */
  readonly server: string;
  /** etcd, for faults. */
  readonly etcd: Component;
  /** kube-apiserver, for faults. */
  readonly apiServer: Component;
  /** kube-controller-manager, for faults. */
  readonly controllerManager: Component;
  /** The authority that signed the serving certificate at first. */
  readonly authority: CertificateAuthority;
  /** A client that may do everything. */
  readonly client: KubeClient;
  readonly #ports: Ports;
  #guard: Guard | undefined;
  readonly #tokens: Readonly<Record<ControlPlaneUser, string>>;

  private constructor(
    folder: string,
    ports: Ports,
    authority: CertificateAuthority,
    assets: string,
  ) {
    this.folder = folder;
    this.#ports = ports;
    this.authority = authority;
    this.server = `https://127.0.0.1:${ports.api}`;
    this.#tokens = {
      admin: crypto.randomUUID(),
      controllerManager: crypto.randomUUID(),
      scheduler: crypto.randomUUID(),
      kubelet: crypto.randomUUID(),
    };
    this.client = new KubeClient(this.connection("admin"), { userAgent: "admin" });
    const component = (
      program: string,
      args: readonly string[],
      probe?: () => Promise<unknown>,
    ): Component =>
      new Component({
        name: program,
        program: `${assets}/${program}`,
        args,
        logFile: `${folder}/${program}.log`,
        probe,
      });
    this.etcd = component("etcd", etcdFlags(folder, ports));
    this.apiServer = component(
      "kube-apiserver",
      apiServerFlags(folder, ports),
      () => this.client.request({ path: "/readyz", timeoutMs: 1_000 }),
    );
    this.controllerManager = component("kube-controller-manager", controllerManagerFlags(folder));
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @throws {Error} if a part does not come up; nothing is left then
   */
  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    const { assets, prepare, controllers = true } = options;
    const folder = await Deno.makeTempDir({ prefix: "control-plane-" });
    const plane = new ControlPlane(
      folder,
      freePorts(),
      await CertificateAuthority.create(),
      assets,
    );
    await using resources = new globalThis.AsyncDisposableStack();
    resources.use(plane);
    // Its parts have guards of their own, and write until they are killed.
    plane.#guard = Guard.start('sleep 1; rm -rf "$1"', folder);
    await plane.#writeFiles();
    plane.etcd.start();
    plane.apiServer.start();
    await plane.apiServer.ready();
    await plane.#grantKubelet();
    await prepare?.(plane.client);
    if (controllers) {
      plane.controllerManager.start();
      await plane.#serviceAccountsWork();
    }
    resources.move();
    return plane;
  }

  /** Path of a kubeconfig file of the administrator, for kubectl. */
  get kubeconfig(): string {
    return `${this.folder}/admin.kubeconfig`;
  }

  /** The connection of one of the users that have a token from the start. */
  connection(user: ControlPlaneUser): Connection {
    return this.connectionWith(this.#tokens[user], `control plane, as '${USERS[user].name}'`);
  }

  /** A connection with any token. */
  connectionWith(token: string, description: string): Connection {
    return {
      server: this.server,
      credentials: new StaticToken(token),
      tls: new TlsMaterial({ caCerts: [this.authority.cert] }),
      namespace: "default",
      description,
    };
  }

  /** A token of a service account, as a kubelet asks for one. `boundTo` an object it is void when that is gone. */
  async serviceAccountToken(
    namespace: string,
    name: string,
    options?: TokenOptions,
  ): Promise<string> {
    return await serviceAccountToken(this.client, { namespace, name }, options);
  }

  /** The requests so far, but for those of the control plane's own parts. */
  async audit(): Promise<AuditRecord[]> {
    return parseAuditLog(await Deno.readTextFile(`${this.folder}/audit.log`));
  }

  /** Gives the API server another serving certificate, which it takes up by itself within a minute, or at its next start. */
  async replaceServingCertificate(pair: KeyPair): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/serving.key`, pair.key);
    await Deno.writeTextFile(`${this.folder}/serving.crt`, pair.cert);
  }

  /** Forgets the history in etcd, so that watches from older versions expire. */
  async compact(): Promise<void> {
    const key = btoa("compact_rev_key");
    const { header } = await this.#etcdCall("kv/range", { key }) as {
      readonly header: { readonly revision: string };
    };
    await this.#etcdCall("kv/compaction", { revision: header.revision, physical: true });
  }

  /** Writes an object past the API server, as an older one has left it; `path` is that below `/registry/`. */
  async store(path: string, object: unknown): Promise<void> {
    const key = btoa(`/registry/${path}`);
    await this.#etcdCall("kv/put", { key, value: btoa(JSON.stringify(object)) });
  }

  /** Stops everything and removes all files. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    try {
      // Nobody needs what a graceful end would write.
      await Promise.all([this.controllerManager.kill(), this.apiServer.kill(), this.etcd.kill()]);
    } finally {
      await this.#guard?.[Symbol.asyncDispose]();
      await Deno.remove(this.folder, { recursive: true });
    }
  }

  async #writeFiles(): Promise<void> {
    const { key, pub } = await signingKeys();
    const write = async (name: string, text: string): Promise<void> =>
      await Deno.writeTextFile(`${this.folder}/${name}`, text, { mode: 0o600 });
    await write("sa.key", key);
    await write("sa.pub", pub);
    await write("ca.crt", this.authority.cert);
    await this.replaceServingCertificate(await this.authority.issueServer());
    await write(
      "tokens.csv",
      Object.entries(USERS).map(([user, { name, groups }], uid) =>
        // as: the keys of USERS are its users.
        `${this.#tokens[user as ControlPlaneUser]},${name},${uid},"${groups}"\n`
      ).join(""),
    );
    await write("audit-policy.yaml", JSON.stringify(AUDIT_POLICY));
    await write("admin.kubeconfig", this.kubeconfigText(this.#tokens.admin));
    await write("kcm.kubeconfig", this.kubeconfigText(this.#tokens.controllerManager));
  }

  /** A kubeconfig with a token; `server` if it is to be another way to the API server. */
  kubeconfigText(token: string, server = this.server): string {
    const cluster = {
      server,
      "certificate-authority-data": btoa(this.authority.cert),
    };
    return stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "test", user: { token } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    });
  }

  /** A kubelet's rights come from its own authorizer in a real cluster; here from the role that was meant for it before. */
  async #grantKubelet(): Promise<void> {
    await this.client.request({
      method: "POST",
      path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      body: {
        metadata: { name: "test-kubelet" },
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: "system:node",
        },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:nodes" }],
      },
    });
  }

  /** No pod is admitted before its service account is there. */
  async #serviceAccountsWork(): Promise<void> {
    const path = "/api/v1/namespaces/default/serviceaccounts/default";
    const end = performance.now() + 30_000;
    while (!await this.client.request({ path }).then(() => true, () => false)) {
      if (performance.now() > end) throw new Error("kube-controller-manager makes no accounts");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #etcdCall(call: string, body: unknown): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.etcd}/v3/${call}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Cannot call etcd's ${call}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
}
