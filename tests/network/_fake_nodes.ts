/** The RPC of the model's nodes behind `fetch`: it checks passwords, answers batches, and can hang or be down. */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { SECRETS } from "../../lib/kube/mod.ts";
import type { Action } from "../../lib/network/connections.ts";
import type { RpcFetch } from "../../lib/rpc/mod.ts";
import type { FakeCluster } from "./_fake_cluster.ts";
import type { ModelNode, NodeModel } from "./_node_model.ts";

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly string[];
}

/** How a node answers, if not as it should. */
export type Mood =
  | "warming up"
  | "hanging"
  /** Polls are answered, and nothing that is to be done is. */
  | "busy"
  | "refusing"
  | "other chain"
  | "unauthorized"
  | "forbidden"
  | "overloaded";

/** What bitcoind answers without JSON. */
const PLAIN: Partial<Record<Mood, () => Response>> = {
  unauthorized: () => new Response("", { status: 401 }),
  forbidden: () => new Response("", { status: 403 }),
  overloaded: () => new Response("Work queue depth exceeded", { status: 503 }),
};

/** All nodes of one network. */
export class FakeNodes {
  /** Moods by ordinal. */
  readonly moods = new Map<number, Mood>();
  /** Polls that came in, by ordinal. */
  readonly polls: number[] = [];
  /** Calls that change something, as `0 addnode net-sts-1.net-svc add`. */
  readonly actions: string[] = [];
  readonly #cluster: FakeCluster;
  readonly #network: string;
  readonly #model: NodeModel;
  readonly #hanging = new Set<() => void>();

  constructor(cluster: FakeCluster, network: string, model: NodeModel) {
    this.#cluster = cluster;
    this.#network = network;
    this.#model = model;
  }

  /** Answers everything that hangs. */
  release(): void {
    this.moods.clear();
    for (const answer of this.#hanging) answer();
    this.#hanging.clear();
  }

  /** Whether somebody waits for an answer that does not come. */
  get isWaitedFor(): boolean {
    return this.#hanging.size > 0;
  }

  /** Whether a URL leads to one of these nodes. */
  has(url: string): boolean {
    return this.#nodeAt(url) !== undefined;
  }

  /** Answers one request. */
  readonly fetch: RpcFetch = async (url, { body, headers, signal }) => {
    const node = this.#nodeAt(url);
    if (!node) throw new TypeError("connection refused");
    const sent: Request | Request[] = JSON.parse(String(body));
    const requests = Array.isArray(sent) ? sent : [sent];
    const isPoll = requests[0]?.method === "getblockchaininfo";
    if (isPoll) this.polls.push(node.ordinal);
    const mood = this.moods.get(node.ordinal);
    if (mood === "refusing") throw new TypeError("connection refused");
    if (mood === "hanging" || (mood === "busy" && !isPoll)) await this.#hang(signal);
    const plain = mood && PLAIN[mood];
    if (plain) return plain();
    if (!this.#isAuthorized(new Headers(headers).get("authorization") ?? "")) {
      return new Response("", { status: 401 });
    }
    const answers = requests.map((request) => this.#answer(node, request));
    return Response.json(Array.isArray(sent) ? answers : answers[0]);
  };

  #hang(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#hanging.add(resolve);
      const giveUp = (): void => {
        this.#hanging.delete(resolve);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }

  #nodeAt(url: string): ModelNode | undefined {
    const { hostname } = new URL(url);
    return [...this.#model.nodes.values()].find(({ ip }) => ip === hostname);
  }

  /** Checks the password against the rpcauth of the configuration, as bitcoind does. */
  #isAuthorized(authorization: string): boolean {
    const login = Buffer.from(authorization.replace("Basic ", ""), "base64").toString();
    const [user = "", password = ""] = login.split(/:(.*)/s);
    const { data } = this.#cluster.get(SECRETS, `${this.#network}-conf`);
    const conf = Buffer.from(data?.["bitcoin.conf"] ?? "", "base64").toString();
    const [, name, salt = "", hash] = /^rpcauth=(.*):(.*)\$(.*)$/m.exec(conf) ?? [];
    return name === user && createHmac("sha256", salt).update(password).digest("hex") === hash;
  }

  #answer(node: ModelNode, { id, method, params }: Request): object {
    const mood = this.moods.get(node.ordinal);
    if (mood === "warming up") {
      return { jsonrpc: "2.0", id, error: { code: -28, message: "Loading block index…" } };
    }
    const report = this.#model.report(node);
    if (report.state !== "up") throw new TypeError("connection reset");
    const results: Record<string, unknown> = {
      getblockchaininfo: { ...report.chain, ...(mood === "other chain" && { chain: "main" }) },
      getnetworkinfo: report.network,
      getpeerinfo: report.peers,
      getaddednodeinfo: report.added,
    };
    if (method in results) return { jsonrpc: "2.0", id, result: results[method] };
    this.actions.push(`${node.ordinal} ${method} ${params.join(" ")}`);
    this.#model.perform(node.ordinal, actionOf(method, params));
    this.#model.tick();
    return { jsonrpc: "2.0", id, result: null };
  }
}

function actionOf(method: string, [first = "", second = ""]: readonly string[]): Action {
  if (method === "disconnectnode") return { kind: "disconnect", id: Number(second), why: "" };
  if (second === "remove") return { kind: "remove", node: first, isForeign: false };
  return { kind: second === "add" ? "add" : "onetry", node: first };
}
