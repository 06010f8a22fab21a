/** Reads the text format of Prometheus, as far as tests need it. */

import type { MetricsRegistry } from "../../lib/server/mod.ts";

/** All samples of a text but the buckets of histograms: what stands before the value, and the value. */
export function samplesOf(text: string): Readonly<Record<string, number>> {
  const samples: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const [, sample, value] = /^([^#]\S*(?: [^ ]*")*\}?) (\S+)$/.exec(line) ?? [];
    if (sample === undefined || sample.includes("_bucket{")) continue;
    samples[sample] = Number(value);
  }
  return samples;
}

/** The samples of a registry that are not zero. */
export async function countsOf(
  registry: MetricsRegistry,
): Promise<Readonly<Record<string, number>>> {
  const all = Object.entries(samplesOf(await registry.metrics()));
  return Object.fromEntries(all.filter(([, value]) => value !== 0));
}
