/** Keeps what the program logs while a test runs. */

import { AsyncLocalStorage } from "node:async_hooks";

import { configure, type LogLevel, reset } from "@logtape/logtape";

/** One line of the log. */
export interface LogLine {
  readonly level: LogLevel;
  /** The message with its properties filled in. */
  readonly text: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Log lines from now until it is disposed of. One at a time: the configuration is global. */
export interface CapturedLogs extends AsyncDisposable {
  readonly lines: readonly LogLine[];
}

/** Starts to keep the log. */
export async function captureLogs(): Promise<CapturedLogs> {
  const lines: LogLine[] = [];
  await configure({
    sinks: {
      lines: ({ level, message, properties }) =>
        lines.push({ level, properties, text: message.map(String).join("") }),
    },
    loggers: [
      { category: ["bitcoin-controller"], sinks: ["lines"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
    contextLocalStorage: new AsyncLocalStorage(),
    reset: true,
  });
  return { lines, [Symbol.asyncDispose]: reset };
}
