/** Lines of bitcoind's log. Pure. */

import { rfc3339 } from "../../time/mod.ts";
import type { Block } from "./block.ts";

/** A line as it is printed at `now`, in ms since 1970. */
export function logLine(now: number, text: string): string {
  return `${rfc3339(now)} ${text}`;
}

/** What is logged when `block` becomes the end of the chain (src/validation.cpp, `UpdateTipLog`). */
export function tipText({ hash, height, time }: Block): string {
  const work = Math.log2(2 * (height + 1)).toFixed(6);
  return `UpdateTip: new best=${hash} height=${height} version=0x20000000 log2_work=${work} ` +
    `tx=${height + 1} date='${rfc3339(time * 1000)}' progress=1.000000 cache=0.3MiB(${height}txo)`;
}
