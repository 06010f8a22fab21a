/** Where log records go: lines of text for people, or JSON lines for machines, on standard error. */

import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getTextFormatter,
  type LogLevel,
  type TextFormatter,
} from "@logtape/logtape";
import type { CommandIo } from "./io.ts";

/** The levels that `--log-level` takes, from the most to the least talkative. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
/** The formats that `--log-format` takes. */
export const LOG_FORMATS = ["text", "json"] as const;

/** How to log. */
export interface LoggingOptions {
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** How a record is written. */
  readonly format: (typeof LOG_FORMATS)[number];
  /** Where lines go. @default {io.err} */
  readonly write?: (line: string) => void;
}

/** Configures logging of the whole process; a later call replaces an earlier one. */
export async function configureLogging(io: CommandIo, options: LoggingOptions): Promise<void> {
  const format = formatter(io, options.format);
  const write = options.write ?? io.err;
  await configure({
    reset: true,
    sinks: { stderr: (record) => write(format(record)) },
    loggers: [
      { category: "bitcoin-controller", lowestLevel: options.level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}

/** Text has its properties behind the message, so that a constant message still tells what it is about. */
function formatter(io: CommandIo, format: LoggingOptions["format"]): TextFormatter {
  if (format === "json") return getJsonLinesFormatter();
  const base = (io.color ? getAnsiColorFormatter : getTextFormatter)({
    timestamp: "rfc3339",
    level: "FULL",
    category: (category) => category.slice(1).join("."),
  });
  return (record) => {
    const shown = new Set(record.message.length > 1 ? Object.keys(record.properties) : []);
    const rest = Object.entries(record.properties).filter(([name]) => !shown.has(name));
    const line = base(record).trimEnd();
    return rest.length === 0
      ? `${line}\n`
      : `${line} ${rest.map(([name, value]) => `${name}=${text(value)}`).join(" ")}\n`;
  };
}

function text(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}
