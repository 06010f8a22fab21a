/** How long a pod's containers get to end. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

/** What the API server sets when a pod does not say, in seconds. */
const DEFAULT_SECONDS = 30;
/** The kubelet always leaves a moment for SIGTERM, in seconds. */
const LEAST_SECONDS = 1;

/** Seconds from SIGTERM to SIGKILL: what its deletion says, or else its spec. */
export function gracePeriodSeconds({ metadata, spec }: Pod): number {
  const seconds = metadata?.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds;
  return Math.max(LEAST_SECONDS, seconds ?? DEFAULT_SECONDS);
}
