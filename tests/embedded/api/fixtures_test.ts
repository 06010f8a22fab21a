/** Replays what a real API server was asked, and compares what it answered: every difference that is left has its reason here. */

import assert from "node:assert/strict";

import { ApiServer } from "../../../lib/embedded/api/mod.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { type Difference, differences } from "./_compare.ts";
import {
  type CapturedRequest,
  type CapturedResponse,
  type Exchange,
  readExchanges,
} from "./_exchanges.ts";
import { Normalizer } from "./_normalize.ts";
import { controllerRequests } from "./_stand_ins.ts";

/** A difference that is meant to be. */
interface Explained {
  /** Names of the exchanges. */
  readonly exchange: RegExp;
  /** Where in the answer. */
  readonly path: RegExp;
  readonly why: string;
}

/** Everything in which this server differs from a real one on purpose, as far as the exchanges show it. */
const EXPLAINED: readonly Explained[] = [
  {
    exchange: /^version$/,
    path: /^body\.(goVersion|compiler|platform)$/,
    why: "it is no Go program",
  },
  {
    exchange: /^health$/,
    path: /^text$/,
    why: "nothing in it starts later than the rest, so there is one check",
  },
  {
    exchange: /^discovery, (legacy: (core resources|one group)|aggregated: core)$/,
    path:
      /resources\[(bindings|componentstatuses|endpoints|limitranges|persistentvolumes|podtemplates|replicationcontrollers|resourcequotas|daemonsets|deployments|replicasets)(\/\w+)?\]$/,
    why: "resources that this project has no use for are not served",
  },
  {
    exchange: /^discovery, (legacy: core resources|aggregated: core)$/,
    path:
      /(\bproxy|\battach|\bephemeralcontainers|\bexec|\bportforward|\bresize|\btoken)\]$|resources\[serviceaccounts\]\.subresources$/,
    why: "subresources that this project has no use for are not served",
  },
  {
    exchange: /^discovery, legacy: groups$/,
    path:
      /^body\.groups\[(apiregistration\.k8s\.io|autoscaling|batch|certificates\.k8s\.io|networking\.k8s\.io|policy|rbac\.authorization\.k8s\.io|storage\.k8s\.io|admissionregistration\.k8s\.io|scheduling\.k8s\.io|node\.k8s\.io|discovery\.k8s\.io|resource\.k8s\.io|flowcontrol\.apiserver\.k8s\.io)\]$/,
    why: "groups without a resource that is served are not listed",
  },
  {
    exchange: /^OpenAPI v3: index$/,
    path:
      /^body\.paths\.(?!api\/v1$|apis\/(apiextensions\.k8s\.io|apps|coordination\.k8s\.io|events\.k8s\.io|bitcoincontroller\.christianb93\.github\.com)\/v1$)/,
    why: "there are documents for stored resources alone",
  },
  {
    exchange: /^OpenAPI v3: the custom group$/,
    path: /\.description$/,
    why:
      "descriptions of what is the same for all kinds are cut to their first sentence, or left out",
  },
  {
    exchange: /^OpenAPI v3: the custom group$/,
    path: /^body\.info\./,
    why: "all documents have the same title",
  },
  {
    exchange: /^OpenAPI v3: the custom group$/,
    path: /DeleteOptions\.x-kubernetes-group-version-kind$/,
    why: "it names every group there is, and there are fewer here",
  },
  {
    exchange: /^(pod made by the StatefulSet|pod status by merge patch|list, label selector)$/,
    path: /spec\.(volumes|containers\[c\]\.volumeMounts)$/,
    why: "pods get no token volume: nobody here would issue the token",
  },
  {
    exchange: /^token for a service account$/,
    path: /./,
    why: "no tokens are issued for service accounts",
  },
];

/** The moment of the first exchange. */
const START = Date.UTC(2026, 10, 23, 9, 46, 10);

/** How long the captured watches were read, in ms. */
const WATCHED_MS = 65_000;

const TOKEN = "secret";

Deno.test("ApiServer answers every captured request as the real server did, but for the differences explained here", async () => {
  const exchanges = await readExchanges();
  const replay = new Replay(exchanges);
  const found = await replay.run();

  const unexplained = found.filter((difference) =>
    !EXPLAINED.some((known) => explains(known, difference))
  );
  assert.ok(
    unexplained.length === 0,
    `Unexplained differences:\n${unexplained.map(describe).join("\n")}`,
  );
  const obsolete = EXPLAINED.filter((known) =>
    !found.some((difference) => explains(known, difference))
  );
  assert.deepEqual(obsolete, [], "differences that are explained but not there");
  assert.equal(replay.compared, exchanges.length);
});

type Found = Difference & { readonly exchange: string };

function explains({ exchange, path }: Explained, found: Found): boolean {
  return exchange.test(found.exchange) && path.test(found.path);
}

function describe({ exchange, path, expected, actual }: Found): string {
  return `${exchange} | ${path} | expected ${JSON.stringify(expected)} | actual ${
    JSON.stringify(actual)
  }`;
}

/** One run through all exchanges against a new server. */
class Replay {
  readonly #exchanges: readonly Exchange[];
  readonly #clock = new FakeClock(START);
  readonly #normalizer = new Normalizer();
  readonly #watches: { readonly exchange: Exchange; readonly answer: Promise<CapturedResponse> }[] =
    [];
  readonly #found: Found[] = [];
  #url = "";
  /** How many answers were compared. */
  compared = 0;

  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges;
  }

  async run(): Promise<readonly Found[]> {
    await using server = new ApiServer({ tokens: new Map([[TOKEN, "admin"]]), clock: this.#clock });
    await server.start();
    this.#url = server.url;
    for (const exchange of this.#exchanges.filter(({ request }) => !isLongWatch(request))) {
      await this.#before(exchange.name);
      this.#compare(exchange, await this.#send(exchange.request, exchange.name));
    }
    await this.#clock.advance(WATCHED_MS);
    await server.close();
    for (const { exchange, answer } of this.#watches) this.#compare(exchange, await answer);
    return this.#found;
  }

  async #before(name: string): Promise<void> {
    if (name === "pods as Table") await this.#clock.advance(2000);
    for (const request of controllerRequests(name, this.#exchanges)) {
      const { status } = await this.#send(request, name);
      assert.ok(status < 300, `the controller's ${request.method} before '${name}'`);
    }
    // The captured watches were opened before what they show.
    if (name !== "create c") return;
    for (const exchange of this.#exchanges.filter(({ request }) => isLongWatch(request))) {
      this.#watches.push({ exchange, answer: this.#send(exchange.request, exchange.name) });
    }
  }

  async #send(
    { method, path, headers, body }: CapturedRequest,
    name: string,
  ): Promise<CapturedResponse> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(this.#url + this.#normalizer.request(path), {
      method,
      headers: { "user-agent": "unknown", ...authorization(name), ...headers },
      ...(text === undefined ? {} : { body: this.#normalizer.request(text) }),
    });
    return await readResponse(response, path);
  }

  #compare({ name, response: expected }: Exchange, actual: CapturedResponse): void {
    this.compared++;
    const [wanted, got] = [comparable(expected), comparable(actual)];
    const all = [
      ...this.#normalizer.learn(wanted, got),
      ...differences(this.#normalizer.normalize(wanted), this.#normalizer.normalize(got)),
    ];
    this.#found.push(...all.map((difference) => ({ exchange: name, ...difference })));
  }
}

function isLongWatch({ path }: CapturedRequest): boolean {
  return path.includes("allowWatchBookmarks");
}

function authorization(name: string): Record<string, string> {
  if (name === "anonymous") return {};
  return { authorization: `Bearer ${name === "not authenticated" ? "wrong" : TOKEN}` };
}

async function readResponse(response: Response, path: string): Promise<CapturedResponse> {
  const { status } = response;
  const headers = Object.fromEntries(response.headers);
  const text = await response.text();
  if (path.includes("watch=1") && status === 200) {
    return {
      status,
      headers,
      lines: text.split("\n").filter(Boolean).map((line) => JSON.parse(line)),
    };
  }
  return text.startsWith("{")
    ? { status, headers, body: JSON.parse(text) }
    : { status, headers, text };
}

/** What is compared of an answer: not whether it was sent in chunks. */
function comparable({ status, headers, lines, ...rest }: CapturedResponse): unknown {
  const kept = ["content-type", "cache-control", "warning", "retry-after"];
  return {
    status,
    headers: Object.fromEntries(
      kept.flatMap((name) => headers[name] ? [[name, headers[name]]] : []),
    ),
    ...rest,
    ...(lines ? { lines: comparableLines(lines) } : {}),
  };
}

/** How many bookmarks there are and of which revision depends on the moment, so of each run of them one is left, without it. */
function comparableLines(lines: readonly unknown[]): readonly unknown[] {
  return lines.filter((line, index) => !isLooseBookmark(line) || !isLooseBookmark(lines[index - 1]))
    .map((line) => isLooseBookmark(line) ? { type: "BOOKMARK" } : line);
}

/** Whether a line is a bookmark, but not the one that ends the objects with which a watch begins. */
function isLooseBookmark(line: unknown): boolean {
  const text = JSON.stringify(line) ?? "";
  return text.includes('"type":"BOOKMARK"') && !text.includes("initial-events-end");
}
