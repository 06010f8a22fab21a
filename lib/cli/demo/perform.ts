/** Does what `demo` was asked for. Everything that only the demo needs is loaded from here. */

import type { CommandIo } from "../io.ts";
import { runStory } from "../story/command.ts";
import { BorrowedCluster } from "./borrowed_cluster.ts";
import { type DemoCluster, OwnCluster } from "./demo_cluster.ts";
import { runShow } from "./show.ts";
import { withStage } from "./stage.ts";

/** What was asked for. */
export interface DemoOptions {
  /** Nodes of the network. */
  readonly nodes: number;
  /** What the nodes run: `real`, `fake`, `auto` or a path. */
  readonly bitcoind: string;
  /** Time between two blocks, in ms; 0 for no blocks. */
  readonly blockInterval: number;
  /** Kubeconfig of a cluster that is there; one of its own if absent. */
  readonly kubeconfig?: string | undefined;
  /** Context of that kubeconfig. */
  readonly context?: string | undefined;
  /** Tell the story, instead of showing a network. */
  readonly story?: boolean | undefined;
  /** Print how the story went as JSON. */
  readonly json?: boolean | undefined;
}

/** Shows a network until the signal of `io` is aborted, or tells the story of one. */
export async function perform(io: CommandIo, options: DemoOptions): Promise<void> {
  const { nodes, blockInterval: blockIntervalMs, story, json = false } = options;
  await withStage(
    clusterOf(options),
    io.signal,
    (stage, signal) =>
      story
        ? runStory(io, stage, { json, signal })
        : runShow(io, stage, { nodes, blockIntervalMs, signal }),
  );
}

/** The cluster that a person asks for. */
function clusterOf({ kubeconfig, context, bitcoind }: DemoOptions): DemoCluster {
  return kubeconfig === undefined
    ? new OwnCluster({ bitcoind })
    : new BorrowedCluster({ kubeconfig, context, bitcoind });
}
