/** `demo` without a story: a network that lives until Ctrl-C, shown live or as plain lines. */

import type { Event } from "kubernetes-types/events/v1.d.ts";
import pc from "picocolors";
import { EVENTS, Informer } from "../../kube/mod.ts";
import { BITCOIN_NETWORKS, type BitcoinNetwork } from "../../network/mod.ts";
import { aborted, isAbort, systemClock } from "../../time/mod.ts";
import type { CommandIo } from "../io.ts";
import { DemoNetwork } from "./demo_network.ts";
import { type Happening, isWorthALine, toHappening } from "./happenings.ts";
import { mineBlocks } from "./miner.ts";
import { Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";
import { happeningLine, renderView, statusText, tryLine } from "./view.ts";

/** Name of the demo's network. */
const NAME = "demo";
/** How often the live view is drawn at most, in ms. */
const FRAME_MS = 200;

/** What is shown. */
export interface ShowOptions {
  /** Nodes of the network. */
  readonly nodes: number;
  /** Time between two blocks, in ms; zero mines none. */
  readonly blockIntervalMs: number;
  /** Ends the show. */
  readonly signal: AbortSignal;
}

/** Creates the network and shows it until the signal is aborted; returns when a person asked it to end. */
export async function runShow(io: CommandIo, stage: Stage, options: ShowOptions): Promise<void> {
  const { client, cluster: { namespace } } = stage;
  const { signal } = options;
  const networks = client.resource(BITCOIN_NETWORKS, namespace);
  await networks.create({
    apiVersion: "bitcoincontroller.christianb93.github.com/v1",
    kind: "BitcoinNetwork",
    metadata: { name: NAME, namespace },
    spec: { nodes: options.nodes },
  }, { signal });

  const network = new Informer(networks);
  const events = new Informer(client.resource(EVENTS, namespace));
  const happenings: Happening[] = [];
  const happen = (happening: Happening): void => {
    happenings.push(happening);
    if (!io.isTerminal) io.out(`${happeningLine(happening)}\n`);
  };
  const onEvent = (event: Event): void => {
    if (isWorthALine(event)) happen(toHappening(event, performance.now()));
  };
  events.subscribe({ added: onEvent, updated: onEvent });

  const tasks = [
    network.run(signal),
    events.run(signal),
    mineBlocks(
      new DemoNetwork(stage.cluster, client, NAME),
      options.blockIntervalMs,
      signal,
    ),
    io.isTerminal
      ? showLive(io, stage, network, happenings, signal)
      : showLines(io, stage, network, signal),
  ];
  try {
    await Promise.all(tasks);
  } catch (error) {
    if (!isAbort(error, io.signal)) throw error;
  } finally {
    await Promise.allSettled(tasks);
  }
  // Aborted by somebody else than the person: the controller failed.
  if (!io.signal.aborted) signal.throwIfAborted();
  io.out(`Stopped after ${Math.round(performance.now() / 1000)} s.\n`);
}

async function showLive(
  io: CommandIo,
  stage: Stage,
  networks: Informer<BitcoinNetwork>,
  happenings: readonly Happening[],
  signal: AbortSignal,
): Promise<void> {
  const colors = pc.createColors(io.color);
  const marks = { bold: colors.bold, dim: colors.dim, good: colors.green, bad: colors.yellow };
  using screen = new Screen(io);
  while (!signal.aborted) {
    const { columns, rows } = io.size();
    screen.show(renderView(
      {
        bitcoind: stage.cluster.bitcoind,
        network: networks.store.get(`${stage.cluster.namespace}/${NAME}`),
        happenings,
        upMs: performance.now(),
        kubectl: stage.cluster.kubectl,
      },
      columns,
      rows,
      marks,
    ));
    await systemClock.sleep(FRAME_MS, signal);
  }
}

/** Without a terminal: a line for each change of the network's status, and the line to try once at the start. */
async function showLines(
  io: CommandIo,
  stage: Stage,
  networks: Informer<BitcoinNetwork>,
  signal: AbortSignal,
): Promise<void> {
  io.out(`${stage.cluster.bitcoind}\nTry:  ${tryLine(stage.cluster.kubectl)}\n`);
  let last = "";
  const onChange = (network: BitcoinNetwork): void => {
    const note = statusText(network);
    if (!network.status || note === last) return;
    last = note;
    const line = happeningLine({ atMs: performance.now(), reason: "Status", note, warning: false });
    io.out(`${line}\n`);
  };
  networks.subscribe({ added: onChange, updated: onChange });
  await aborted(signal);
}
