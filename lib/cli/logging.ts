/** Where log records go: lines of text for people, or JSON lines for machines, on standard error. */

import { AsyncLocalStorage } from "node:async_hooks";

import {
  configure,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getTextFormatter,
  type LogLevel,
  type TextFormatter,
} from "@logtape/logtape";
import { JWT_PATTERN, redactByField, redactByPattern } from "@logtape/redaction";
import type { CommandIo } from "./io.ts";

/** The levels that `--log-level` takes, from the most to the least talkative. */
export const LOG_LEVELS = ["debug", "info", "warning", "error"] as const;
/** The formats that `--log-format` takes. */
export const LOG_FORMATS = ["text", "json"] as const;

/** What stands in place of a secret. */
const HIDDEN = "[hidden]";

/** Fields whose values are never written, wherever they stand in a record. */
const SECRET_FIELDS = [
  /token/i,
  /passw(or)?d/i,
  /secret/i,
  /authorization/i,
  /credential/i,
  /(private|client).?key/i,
];

/** Text that is never written, such as in an error of a library that names a URL or a header. */
const SECRET_TEXTS = [
  JWT_PATTERN,
  { pattern: /\b(Bearer|Basic) +[\w.~+/=-]+/gi, replacement: `$1 ${HIDDEN}` },
  // Where the embedded API server takes its token.
  { pattern: /\/token\/[^/\s"')]+/g, replacement: `/token/${HIDDEN}` },
  { pattern: /:\/\/[^/\s"'@]+@/g, replacement: `://${HIDDEN}@` },
];

/** How to log. */
export interface LoggingOptions {
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** How a record is written. */
  readonly format: (typeof LOG_FORMATS)[number];
  /** Where lines go. @default {io.err} */
  readonly write?: (line: string) => void;
}

/**
 * Configures logging of the whole process; a later call replaces an earlier one.
 *
 * No secret is to be logged anywhere. Should one be all the same, its field or its form gives it away, and it is hidden.
 */
export async function configureLogging(io: CommandIo, options: LoggingOptions): Promise<void> {
  const format = redactByPattern(formatter(io, options.format), SECRET_TEXTS);
  const write = options.write ?? io.err;
  await configure({
    reset: true,
    // What a run is about stands in all lines of it, wherever they are logged.
    contextLocalStorage: new AsyncLocalStorage(),
    sinks: {
      stderr: redactByField((record) => write(format(record)), {
        fieldPatterns: SECRET_FIELDS,
        action: () => HIDDEN,
      }),
    },
    loggers: [
      { category: "bitcoin-controller", lowestLevel: options.level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}

/** Text has its properties behind the message, so that a constant message still tells what it is about. */
function formatter(io: CommandIo, format: LoggingOptions["format"]): TextFormatter {
  if (format === "json") return getJsonLinesFormatter({ properties: "flatten" });
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
