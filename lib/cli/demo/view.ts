/** The demo's live view: from what the API server knows to lines of text. Pure. */

import { seconds } from "../_seconds.ts";
import type { BitcoinNetwork, NodeStatus } from "../../network/mod.ts";
import type { Happening } from "./happenings.ts";

/** What is shown. */
export interface ViewState {
  /** Title line: which bitcoind runs. */
  readonly bitcoind: string;
  /** The network as the API server has it; absent until it is created. */
  readonly network: BitcoinNetwork | undefined;
  /** What happened, oldest first. */
  readonly happenings: readonly Happening[];
  /** Time since the start, in ms. */
  readonly upMs: number;
  /** How kubectl is called there. */
  readonly kubectl: string;
}

/** How text is marked; each function may add control sequences, none may change the visible text. */
export interface Marks {
  /** Headings. */
  readonly bold: (text: string) => string;
  /** What matters less. */
  readonly dim: (text: string) => string;
  /** What is as it should be. */
  readonly good: (text: string) => string;
  /** What is not. */
  readonly bad: (text: string) => string;
}

/** Happenings that are shown at most. */
const SHOWN_HAPPENINGS = 10;

/** Renders the view for a terminal of `columns` columns and `rows` rows; no line is longer, and there are no more lines. */
export function renderView(state: ViewState, columns: number, rows: number, marks: Marks): string {
  const { network } = state;
  const status = network?.status;
  const nodes = status?.nodes ?? [];
  const cut = (line: string): string =>
    line.length > columns ? `${line.slice(0, columns - 1)}…` : line;

  // Whole, even if the terminal breaks it: it is there to be copied.
  const tryText = `Try:  ${tryLine(state.kubectl)}`;
  const broken = Math.ceil(tryText.length / columns) - 1;
  const head = [
    marks.bold(cut(`bitcoin-controller demo · ${state.bitcoind} · up ${duration(state.upMs)}`)),
    "",
  ];
  const tail = [
    "",
    tryText,
    marks.dim(cut("Ctrl-C ends it and leaves nothing behind.")),
  ];
  const summary = ["", summaryLine(state, cut, marks)];
  const room = Math.max(0, rows - head.length - tail.length - broken - summary.length - 1);
  const table = nodeTable(nodes, Math.max(2, room - 6)).map((line, index) =>
    index === 0 ? marks.dim(cut(line)) : cut(line)
  );
  const left = Math.min(SHOWN_HAPPENINGS, room - table.length - 2);
  const happenings = left > 0
    ? [
      "",
      ...state.happenings.slice(-left).map((h) =>
        (h.warning ? marks.bad : identity)(cut(happeningLine(h)))
      ),
    ]
    : [];
  // A terminal too small for even that loses the end.
  return [...head, ...table, ...summary, ...happenings, ...tail].slice(
    0,
    Math.max(1, rows - broken),
  ).join("\n");
}

/** The command that a person can try in another terminal. */
export function tryLine(kubectl: string): string {
  return `${kubectl} get btcnet`;
}

/** One happening as one line: time since the start, reason, note. */
export function happeningLine({ atMs, reason, note }: Happening): string {
  return `${seconds(atMs).padStart(8)}  ${reason.padEnd(18)} ${note}`;
}

/** One line about how the network is, for a pipe. */
export function statusText(network: BitcoinNetwork): string {
  const status = network.status;
  const { desired = 0, actual = 0 } = status?.connections ?? {};
  const ready = status?.conditions?.find((c) => c.type === "Ready");
  const why = ready?.status === "False" ? `: ${ready.message}` : "";
  return [
    `${status?.readyReplicas ?? 0} of ${network.spec.nodes} nodes Ready`,
    `connections ${actual}/${desired}`,
    `height ${status?.height ?? 0}`,
    `${ready?.reason ?? "Unknown"}${why}`,
  ].join(", ");
}

function summaryLine(
  { network, happenings }: ViewState,
  cut: (line: string) => string,
  marks: Marks,
): string {
  if (!network) {
    return marks.dim(cut(happenings.length > 0 ? "the network is gone" : "starting the cluster"));
  }
  const ready = network.status?.conditions?.find((c) => c.type === "Ready");
  return (ready?.status === "True" ? marks.good : marks.bad)(cut(statusText(network)));
}

function nodeTable(nodes: readonly NodeStatus[], rows: number): string[] {
  const cells = nodes.map((node) => [
    node.nodeName,
    node.ready ? "yes" : "no",
    node.ip || "-",
    node.peers === undefined ? "-" : String(node.peers),
    node.height === undefined ? "-" : String(node.height),
    node.tip ? `${node.tip.slice(0, 4)}…${node.tip.slice(-8)}` : "-",
    node.message ??
      (node.missing?.length ? `not linked to ${node.missing.join(", ")}` : node.version ?? ""),
  ]);
  const titles = ["NODE", "READY", "ADDRESS", "PEERS", "HEIGHT", "TIP", "VERSION"];
  const shown = [titles, ...cells.slice(0, rows - 1)];
  const widths = titles.map((_, column) =>
    Math.max(...shown.map((row) => row[column]?.length ?? 0))
  );
  const lines = shown.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  const hidden = cells.length - (shown.length - 1);
  return hidden > 0 ? [...lines.slice(0, -1), `and ${hidden + 1} more`] : lines;
}

/** Minutes and seconds. */
function duration(ms: number): string {
  const total = Math.floor(ms / 1000);
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

function identity(text: string): string {
  return text;
}
