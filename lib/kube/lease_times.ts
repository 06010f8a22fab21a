/** The times of a leader election, and whether they fit together. */

/** How long things take in an election. */
export interface LeaseTimes {
  /**
   * How long a lease holds after others saw it renewed, in whole seconds as ms: so long is nobody leader when one dies.
   *
   * @default {15_000} as client-go's components
   */
  readonly leaseDurationMs: number;
  /**
   * How long a leader goes on after the last renewal that succeeded, in ms.
   *
   * @default {10_000} as client-go's components
   */
  readonly renewDeadlineMs: number;
  /**
   * Time between two renewals of the leader, and about the time between two looks of the others, in ms.
   *
   * @default {2_000} as client-go's components
   */
  readonly retryPeriodMs: number;
}

/** The times of Kubernetes' own components (client-go, `tools/leaderelection`). */
export const LEASE_TIMES: LeaseTimes = {
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2_000,
};

/** So much more than one retry period must fit before the deadline (client-go, `JitterFactor`). */
const RETRY_MARGIN = 1.2;

/** Why an election with these times would not be safe; undefined if it is. */
export function problemOfTimes(
  { leaseDurationMs, renewDeadlineMs, retryPeriodMs }: LeaseTimes,
): string | undefined {
  const seconds = (ms: number): string => `${ms / 1000} s`;
  if (!(leaseDurationMs >= 1000) || leaseDurationMs % 1000 !== 0) {
    return `the lease duration must be whole seconds, at least one, not ${
      seconds(leaseDurationMs)
    }`;
  }
  if (!(leaseDurationMs > renewDeadlineMs)) {
    return `the lease duration (${
      seconds(leaseDurationMs)
    }) must be longer than the renew deadline ` +
      `(${seconds(renewDeadlineMs)})`;
  }
  if (!(renewDeadlineMs > retryPeriodMs * RETRY_MARGIN) || !(retryPeriodMs > 0)) {
    return `the renew deadline (${
      seconds(renewDeadlineMs)
    }) must be longer than ${RETRY_MARGIN} times ` +
      `the retry period (${seconds(retryPeriodMs)}), and that more than zero`;
  }
  return undefined;
}
