/** The flags of a control plane on loopback, with all its data in one folder that is thrown away. */

/** Where its parts listen. */
export interface Ports {
  /** Of etcd. */
  readonly etcd: number;
  /** Of kube-apiserver. */
  readonly api: number;
}

/** etcd: nothing is worth a sync of the disk. */
export function etcdFlags(folder: string, { etcd }: Ports): readonly string[] {
  return [
    "--name=default",
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=http://127.0.0.1:${etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${etcd}`,
    "--listen-peer-urls=http://127.0.0.1:0",
    "--unsafe-no-fsync",
    "--log-level=error",
    "--heartbeat-interval=20",
    "--election-timeout=200",
  ];
}

/** kube-apiserver: RBAC, an audit log, an issuer of service account tokens, and the admission that strict clusters have. */
export function apiServerFlags(folder: string, { etcd, api }: Ports): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${api}`,
    `--tls-cert-file=${folder}/serving.crt`,
    `--tls-private-key-file=${folder}/serving.key`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${folder}/tokens.csv`,
    "--enable-admission-plugins=OwnerReferencesPermissionEnforcement,PodSecurity",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${folder}/sa.pub`,
    `--service-account-signing-key-file=${folder}/sa.key`,
    "--service-cluster-ip-range=10.0.0.0/16",
    "--allow-privileged=true",
    "--endpoint-reconciler-type=none",
    // Else SIGTERM takes a minute while a watch is open.
    "--shutdown-send-retry-after=true",
    "--shutdown-watch-termination-grace-period=1s",
    `--audit-policy-file=${folder}/audit-policy.yaml`,
    `--audit-log-path=${folder}/audit.log`,
    "--audit-log-mode=blocking",
  ];
}

/** kube-controller-manager: all its controllers, without limits on its requests. */
export function controllerManagerFlags(folder: string): readonly string[] {
  return [
    `--kubeconfig=${folder}/kcm.kubeconfig`,
    "--use-service-account-credentials=true",
    "--controllers=*",
    "--leader-elect=false",
    `--service-account-private-key-file=${folder}/sa.key`,
    `--root-ca-file=${folder}/ca.crt`,
    "--secure-port=0",
    "--kube-api-qps=1000",
    "--kube-api-burst=1000",
    `--flex-volume-plugin-dir=${folder}/flexvolume`,
  ];
}

/** Two ports that were free a moment ago. */
export function freePorts(): Ports {
  const listeners = [0, 0].map((port) => Deno.listen({ hostname: "127.0.0.1", port }));
  const [etcd = 0, api = 0] = listeners.map((listener) => {
    // as: a TCP listener has an address with a port.
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    return port;
  });
  return { etcd, api };
}
