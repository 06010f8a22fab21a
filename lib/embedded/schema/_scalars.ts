/** Strings with a meaning: times and base64, as the Go types of Kubernetes read and write them. */

const MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
const LAYOUT = "2006-01-02T15:04:05Z07:00";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

/** Where in a time the pieces of its layout begin, to name the one that does not fit. */
const PIECES: readonly (readonly [piece: string, prefix: RegExp])[] = [
  ["2006", /^/],
  ["-", /^\d{4}/],
  ["01", /^\d{4}-/],
  ["-", /^\d{4}-\d\d/],
  ["02", /^\d{4}-\d\d-/],
  ["T", /^\d{4}-\d\d-\d\d/],
  ["15", /^\d{4}-\d\d-\d\dT/],
  [":", /^\d{4}-\d\d-\d\dT\d\d/],
  ["04", /^\d{4}-\d\d-\d\dT\d\d:/],
  [":", /^\d{4}-\d\d-\d\dT\d\d:\d\d/],
  ["05", /^\d{4}-\d\d-\d\dT\d\d:\d\d:/],
];

/** What is wrong with a time, in the words of Go's `time.Parse`. With `micro`, it must have six decimals. */
export function timeProblem(text: string, micro: boolean): string | undefined {
  const layout = micro ? MICRO_LAYOUT : LAYOUT;
  if ((micro ? MICRO_TIME : TIME).test(text)) {
    if (!Number.isNaN(Date.parse(text))) return undefined;
    return `parsing time ${JSON.stringify(text)}: day out of range`;
  }
  const quoted = JSON.stringify(text);
  const seconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(text)?.[0];
  if (seconds !== undefined) {
    const rest = text.slice(seconds.length);
    const decimals = /^\.\d{6}/.exec(rest)?.[0] ?? "";
    if (micro && !decimals) return cannotParse(quoted, layout, rest, ".000000");
    return cannotParse(quoted, layout, rest.replace(/^\.\d+/, ""), "Z07:00");
  }
  let found: readonly [string, string] = [text, "2006"];
  for (const [piece, prefix] of PIECES) {
    const begun = prefix.exec(text)?.[0];
    if (begun === undefined) break;
    found = [text.slice(begun.length), piece];
  }
  return cannotParse(quoted, layout, ...found);
}

function cannotParse(quoted: string, layout: string, rest: string, piece: string): string {
  return `parsing time ${quoted} as "${layout}": cannot parse ${
    JSON.stringify(rest)
  } as "${piece}"`;
}

/** A time as Kubernetes writes it: in UTC, with whole seconds, or with `micro` six decimals. */
export function canonicalTime(text: string, micro: boolean): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return text;
  const utc = new Date(ms).toISOString();
  // Date knows milliseconds only: the decimals are those of the text.
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? "";
  return utc.replace(/\.\d+Z$/, micro ? `.${decimals.slice(0, 6).padEnd(6, "0")}Z` : "Z");
}

/** What is wrong with base64, in the words of Go's `encoding/base64`. Line ends are ignored. */
export function base64Problem(text: string): string | undefined {
  const stripped = text.replaceAll(/[\r\n]/g, "");
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(stripped)) {
    return undefined;
  }
  const bad = /[^A-Za-z0-9+/]/.exec(text)?.index ?? text.length - text.length % 4;
  return `illegal base64 data at input byte ${bad}`;
}
