/** How long ago something was, in the form of `k8s.io/apimachinery/pkg/util/duration` `HumanDuration`. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Below `until` seconds a duration is written in `unit`, and with the rest in `smaller`, if there is one. */
interface Style {
  readonly until: number;
  readonly unit: readonly [seconds: number, letter: string];
  readonly smaller?: readonly [seconds: number, letter: string];
}

const STYLES: readonly Style[] = [
  { until: 2 * MINUTE, unit: [1, "s"] },
  { until: 10 * MINUTE, unit: [MINUTE, "m"], smaller: [1, "s"] },
  { until: 3 * HOUR, unit: [MINUTE, "m"] },
  { until: 8 * HOUR, unit: [HOUR, "h"], smaller: [MINUTE, "m"] },
  { until: 2 * DAY, unit: [HOUR, "h"] },
  { until: 8 * DAY, unit: [DAY, "d"], smaller: [HOUR, "h"] },
  { until: 2 * YEAR, unit: [DAY, "d"] },
  { until: 8 * YEAR, unit: [YEAR, "y"], smaller: [DAY, "d"] },
];

/** Writes a duration: `7s`, `3m5s`, `2d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  // Clocks that differ by up to 2 s are forgiven.
  if (seconds < -1) return "<invalid>";
  const past = Math.max(0, seconds);
  const style = STYLES.find(({ until }) => past < until);
  if (!style) return `${Math.floor(past / YEAR)}y`;
  const [size, letter] = style.unit;
  const whole = `${Math.floor(past / size)}${letter}`;
  if (!style.smaller) return whole;
  const [smallSize, smallLetter] = style.smaller;
  const rest = Math.floor((past % size) / smallSize);
  return rest === 0 ? whole : `${whole}${rest}${smallLetter}`;
}

/** How long ago a timestamp was at `now`, in ms since 1970; `<unknown>` for none. */
export function age(timestamp: unknown, now: number): string {
  if (typeof timestamp !== "string") return "<unknown>";
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? "<invalid>" : humanDuration(now - then);
}
