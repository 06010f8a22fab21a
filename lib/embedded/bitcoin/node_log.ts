/** Lines of bitcoind's log. Pure. */

import type { Block } from "./block.ts";

/** A line as it is printed at `now`, in ms since 1970. */
export function logLine(now: number, text: string): string {
  return `${timeOf(now)} ${text}`;
}

/** What is logged when `block` becomes the end of the chain (src/validation.cpp, `UpdateTipLog`). */
export function tipText({ hash, height, time }: Block): string {
  const work = Math.log2(2 * (height + 1)).toFixed(6);
  return `UpdateTip: new best=${hash} height=${height} version=0x20000000 log2_work=${work} ` +
    `tx=${height + 1} date='${timeOf(time * 1000)}' progress=1.000000 cache=0.3MiB(${height}txo)`;
}

/** A time in ms since 1970, without its fraction of a second. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}
