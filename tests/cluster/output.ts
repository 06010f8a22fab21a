/** All that the controller lets others see while a suite runs, and the proof that no secret is in it. */

import { reset } from "@logtape/logtape";
import type { Secret } from "kubernetes-types/core/v1.d.ts";
import { configureLogging } from "../../lib/cli/logging.ts";
import {
  EVENTS,
  Informer,
  type KubeObject,
  type ResourceType,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from "../../lib/kube/mod.ts";
import { BITCOIN_NETWORKS } from "../../lib/network/mod.ts";
import { fakeIo } from "../support/fake_io.ts";
import { UsedSecrets } from "../support/secrets.ts";
import type { Target } from "./target.ts";

/** What anybody may read who may look at networks. */
const PUBLIC: readonly ResourceType<KubeObject>[] = [
  BITCOIN_NETWORKS,
  EVENTS,
  SERVICES,
  STATEFUL_SETS,
];

/** Collects the log of this process, and the Secrets of a cluster, from its start until it is disposed of. */
export class Output implements AsyncDisposable {
  readonly #target: Target;
  readonly #secrets = new UsedSecrets();
  readonly #stop = new AbortController();
  readonly #informer: Informer<Secret>;
  #watching: Promise<void> = Promise.resolve();
  #log = "";

  private constructor(target: Target) {
    this.#target = target;
    this.#informer = new Informer(target.client.resource(SECRETS));
  }

  /** Starts to collect. */
  static async collect(target: Target): Promise<Output> {
    const output = new Output(target);
    const write = (line: string): void => {
      output.#log += line;
    };
    await configureLogging(fakeIo(), { level: "debug", format: "json", write });
    const add = (secret: Readonly<Secret>): void => void output.#secrets.addObject(secret);
    output.#informer.subscribe({ added: add, updated: add });
    output.#watching = output.#informer.run(output.#stop.signal);
    await output.#informer.synced();
    for (const { credentials, description } of [target.client.connection, target.controller]) {
      const [, token = ""] = (await credentials?.authorization() ?? "").split(" ");
      output.#secrets.add(`token of ${description}`, token);
    }
    return output;
  }

  /** Fails if a Secret that was there at any time, or a token, stands in the log or in an object that is no Secret. */
  async assertHoldsNoSecret(): Promise<void> {
    const outputs: Record<string, string> = { log: this.#log };
    for (const type of PUBLIC) {
      outputs[type.plural] = JSON.stringify(await this.#target.client.resource(type).list());
    }
    this.#secrets.assertNoneIn(outputs);
  }

  /** Stops to collect. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    await reset();
  }
}
