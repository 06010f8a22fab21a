/** Talks to the bitcoinds of one network, each on its own: one that hangs holds up no other. */

import { getLogger } from "@logtape/logtape";
import { RpcClient, type RpcFetch, type RpcObserver, rpcUrl } from "../rpc/mod.ts";
import { type Clock, isAbort, linkedAbort } from "../time/mod.ts";
import { isSame } from "./_is_same.ts";
import { callOf, isHeld } from "./action_calls.ts";
import { carryBlocks } from "./block_courier.ts";
import type { Action, Member } from "./connections.ts";
import { type Conversation, newConversation, tidy, type Work } from "./_conversation.ts";
import type { Credentials } from "./credentials.ts";
import { RPC_PORT } from "./names.ts";
import { failureReport, type NodeReport, POLL_CALLS, reportOf, SILENT } from "./node_report.ts";
import type { Strings } from "./strings.ts";

const logger = getLogger(["bitcoin-controller", "network"]);

/** Time for a poll, in ms: a node that takes longer does not answer, for all that anybody can tell. */
const POLL_TIMEOUT_MS = 5_000;
/** Time for an action, in ms: `addnode onetry` answers after up to 5 s for each address of a name. */
const ACTION_TIMEOUT_MS = 15_000;
/** How long a run waits for its nodes, in ms; what comes later is seen by the next run. */
const PATIENCE_MS = 1_000;

/** What a {@linkcode NodeRpc} needs. */
export interface NodeRpcOptions {
  /** What the nodes, and no others, have in their user agents; see `identity.ts`. */
  readonly mark: string;
  /** Time source. */
  readonly clock: Clock;
  /** How requests are made; `fetch` if absent. */
  readonly fetch: RpcFetch | undefined;
  /** Hears of every request. */
  readonly observer?: RpcObserver | undefined;
  /** Texts that nodes say. */
  readonly strings: Strings;
  /** Called when a node has answered after the run that asked it was over. */
  readonly onLateAnswer: () => void;
}

/** A pod to talk to. */
export type Callee = Pick<Member, "name" | "ip"> & {
  /** UID of the pod: another pod of the same name is another node. */
  readonly uid: string;
};

/** The RPC of the nodes of one network. */
export class NodeRpc {
  readonly #options: NodeRpcOptions;
  /** By what {@linkcode keyOf} says. */
  readonly #conversations = new Map<string, Conversation>();
  #isClosed = false;
  /** Requests under way, also those to pods that are gone. */
  readonly #open = new Set<Work>();

  /** Nothing is sent yet. */
  constructor(options: NodeRpcOptions) {
    this.#options = options;
  }

  /**
   * Asks all nodes at once and waits for a second at most, and not for those that gave no answer at all when they were
   * asked before: a node that hangs costs the others that second once.
   *
   * @returns what each said, by UID. Of a node that takes its time it is what it said before: bitcoind holds up its RPC
   *   while it checks a block, and one late answer is nothing to alarm anybody about
   */
  async poll(
    callees: readonly Callee[],
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, NodeReport>> {
    const present = new Set(callees.map(keyOf));
    for (const [key, conversation] of this.#conversations) {
      if (present.has(key)) continue;
      // Whoever has the address next is none of this network's business.
      conversation.stop?.abort(new Error("The pod is gone"));
      this.#conversations.delete(key);
    }
    const begun = callees.flatMap((callee) => {
      const conversation = this.#conversationWith(callee);
      // A node that always takes too long would otherwise never be seen.
      if (conversation.isNews) return [];
      // A run waited for this answer before; when it comes, it asks for another run.
      if (conversation.poll) return [];
      const isDead = conversation.report === SILENT;
      const work = this.#keep(this.#ask(callee, credentials, conversation));
      conversation.poll = work;
      return [{ work, isDead }];
    });
    await this.#wait(begun.filter(({ isDead }) => !isDead).map(({ work }) => work), signal);
    this.#tellWhenDone(begun.filter(({ isDead }) => isDead).map(({ work }) => work));
    return new Map(callees.map((callee): [string, NodeReport] => {
      const conversation = this.#conversationWith(callee);
      if (!conversation.poll) conversation.isNews = false;
      return [callee.uid, conversation.report ?? SILENT];
    }));
  }

  /**
   * Carries out actions, each node's in order with one batch and all nodes at once, and waits for a second at most. A
   * node that is still busy with earlier ones gets no new ones.
   *
   * @returns those that nodes were given now
   */
  async act(
    callees: readonly Callee[],
    actions: ReadonlyMap<string, readonly Action[]>,
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Action[]>> {
    const begun = new Map<string, readonly Action[]>();
    const works = callees.flatMap((callee) => {
      const todo = actions.get(callee.name);
      if (!todo) return [];
      const conversation = this.#conversationWith(callee);
      if (conversation.actions) return [];
      // After this it is not what it said any more.
      conversation.report = undefined;
      begun.set(callee.name, todo);
      conversation.actions = this.#keep(
        this.#carryOut(callee, todo, credentials, conversation),
      );
      return [conversation.actions];
    });
    await this.#wait(works, signal);
    return begun;
  }

  /** Has blocks carried from one node to another, unless that one is busy, and waits for a second at most. */
  async carry(
    { from, to }: { readonly from: Callee; readonly to: Callee },
    credentials: Credentials,
    signal: AbortSignal,
  ): Promise<void> {
    const conversation = this.#conversationWith(to);
    if (conversation.actions) return;
    conversation.actions = this.#keep(this.#carryBlocks(from, to, credentials, conversation));
    await this.#wait([conversation.actions], signal);
  }

  /** Ends all conversations; resolves once no request is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const over = new Error("The conversation with the nodes is over");
    for (const { stop } of this.#conversations.values()) stop?.abort(over);
    await Promise.all(this.#open);
  }

  #conversationWith(callee: Callee): Conversation {
    const key = keyOf(callee);
    let conversation = this.#conversations.get(key);
    if (!conversation) {
      conversation = newConversation();
      this.#conversations.set(key, conversation);
    }
    return conversation;
  }

  #keep(work: Work): Work {
    this.#open.add(work);
    work.then(() => this.#open.delete(work));
    return work;
  }

  /** Waits until all are done or patience is over, and tells about those that are done later. */
  async #wait(works: readonly Work[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (works.length === 0) return;
    using stop = linkedAbort(signal);
    const patience = this.#options.clock.sleep(PATIENCE_MS, stop.signal).catch(() => {});
    await Promise.race([Promise.all(works), patience]);
    stop.abort();
    signal.throwIfAborted();
    this.#tellWhenDone(works);
  }

  /** Tells about those that are not done yet when they are. */
  #tellWhenDone(works: readonly Work[]): void {
    for (const work of works.filter((one) => this.#open.has(one))) {
      work.then((isNews) => {
        if (isNews && !this.#isClosed) this.#options.onLateAnswer();
      });
    }
  }

  async #ask(
    callee: Callee,
    credentials: Credentials,
    conversation: Conversation,
  ): Work {
    const { signal } = conversation.stop ??= new AbortController();
    const { mark, strings } = this.#options;
    const { report: before = SILENT } = conversation;
    try {
      const client = this.#clientOf(callee, credentials);
      const outcomes = await client.batch(POLL_CALLS, { timeoutMs: POLL_TIMEOUT_MS, signal });
      const report = reportOf(outcomes, { name: callee.name, mark }, strings);
      // Thousands of nodes say the same again and again: what is old already costs the garbage collector nothing.
      conversation.report = isSame(before, report) ? before : report;
    } catch (error) {
      if (isAbort(error, signal)) return false;
      conversation.report = failureReport(error);
    } finally {
      conversation.poll = undefined;
      tidy(conversation);
    }
    // Of a node that said nothing before, a run that does not wait for it expects nothing else.
    conversation.isNews = conversation.report !== SILENT || before !== SILENT;
    return conversation.isNews;
  }

  async #carryOut(
    callee: Callee,
    actions: readonly Action[],
    credentials: Credentials,
    conversation: Conversation,
  ): Work {
    const { signal } = conversation.stop ??= new AbortController();
    const client = this.#clientOf(callee, credentials);
    logger.debug("Acting on a node", { node: callee.name, actions });
    try {
      const timeoutMs = actions.length * ACTION_TIMEOUT_MS;
      for (const { error } of await client.batch(actions.map(callOf), { timeoutMs, signal })) {
        if (error && !isHeld(error)) throw error;
      }
    } catch (error) {
      // The next run sees what is still to be done.
      if (!isAbort(error, signal)) {
        logger.info("Could not link a node", { node: callee.name, error });
      }
    } finally {
      conversation.actions = undefined;
      tidy(conversation);
    }
    return true;
  }

  async #carryBlocks(
    from: Callee,
    to: Callee,
    credentials: Credentials,
    conversation: Conversation,
  ): Work {
    const { signal } = conversation.stop ??= new AbortController();
    const fields = { from: from.name, to: to.name };
    try {
      const [giver, taker] = [this.#clientOf(from, credentials), this.#clientOf(to, credentials)];
      const blocks = await carryBlocks(giver, taker, { signal });
      logger.info("Carried blocks to a node that was left behind", { ...fields, blocks });
    } catch (error) {
      if (!isAbort(error, signal)) logger.info("Could not carry blocks", { ...fields, error });
    } finally {
      conversation.actions = undefined;
      tidy(conversation);
    }
    return true;
  }

  #clientOf({ ip }: Callee, { user, password }: Credentials): RpcClient {
    const { clock, fetch, observer } = this.#options;
    return new RpcClient({
      clock,
      url: rpcUrl(ip, RPC_PORT),
      username: user,
      password,
      timeoutMs: ACTION_TIMEOUT_MS,
      ...(fetch && { fetch }),
      ...(observer && { observer }),
    });
  }
}

/** With another address it is another node, as far as anybody can tell: what it said before does not count. */
function keyOf({ uid, ip }: Callee): string {
  return `${uid} ${ip}`;
}
