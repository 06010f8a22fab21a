/** Who uses the API server of an embedded cluster: a token and a connection for each. */

import { type Connection, StaticToken } from "../kube/mod.ts";

/** The users, by the names that they have in a real cluster. */
const NAMES = {
  admin: "admin",
  garbageCollector: "system:serviceaccount:kube-system:generic-garbage-collector",
  namespaceController: "system:serviceaccount:kube-system:namespace-controller",
  statefulSetController: "system:serviceaccount:kube-system:statefulset-controller",
  scheduler: "system:kube-scheduler",
  kubelet: "system:node:embedded",
} as const;

/** One of the users; `admin` is whoever has the kubeconfig. */
export type ClusterUser = keyof typeof NAMES;

/** Tokens that are new with every cluster. */
export class ClusterUsers {
  /** What the API server shows a kubelet. */
  readonly serverToken: string = newToken();
  readonly #tokens: Readonly<Record<ClusterUser, string>> = {
    admin: newToken(),
    garbageCollector: newToken(),
    namespaceController: newToken(),
    statefulSetController: newToken(),
    scheduler: newToken(),
    kubelet: newToken(),
  };

  /** The names of the users by their tokens. */
  get names(): ReadonlyMap<string, string> {
    // The keys of a literal of type Record<ClusterUser, …> are exactly these.
    const users = Object.keys(NAMES) as ClusterUser[];
    return new Map(users.map((user) => [this.#tokens[user], NAMES[user]]));
  }

  /** The token of a user. */
  tokenOf(user: ClusterUser): string {
    return this.#tokens[user];
  }

  /** A user's connection to the API server at a URL. */
  connection(user: ClusterUser, server: string): Connection {
    return {
      server,
      credentials: new StaticToken(this.#tokens[user]),
      namespace: "default",
      description: `embedded cluster, as '${NAMES[user]}'`,
    };
  }
}

/** 122 random bits. */
function newToken(): string {
  return crypto.randomUUID();
}
