/** Quantities such as `100m` and `96Mi`, in the canonical form of `k8s.io/apimachinery/pkg/api/resource`. */

/** What a quantity looks like; part of the message of the real server. */
export const QUANTITY_PATTERN = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";

const PARTS = /^([+-]?)(\d+\.?\d*|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/;

/** Powers of 1000 and of 1024, smallest first. */
const DECIMAL_SUFFIXES: readonly (readonly [suffix: string, exponent: number])[] = [
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
];
const BINARY_SUFFIXES = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Values are counted in units of 10^-9, the smallest there is. */
const NANO = 10n ** 9n;

/** Whether the text is a quantity. */
export function isQuantity(text: string): boolean {
  return PARTS.test(text);
}

/** Value in units of 10^-9, rounded away from zero; undefined if the text is no quantity. */
export function quantityNanos(text: string): bigint | undefined {
  const [, sign, digits = "", suffix = ""] = PARTS.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const [whole = "", decimals = ""] = digits.split(".");
  const [multiplier, exponent] = scaleOf(suffix);
  const power = 9 + exponent - decimals.length;
  const unscaled = BigInt(whole + decimals) * multiplier;
  const value = power >= 0
    ? unscaled * 10n ** BigInt(power)
    : divideUp(unscaled, 10n ** BigInt(-power));
  return sign === "-" ? -value : value;
}

function scaleOf(suffix: string): readonly [multiplier: bigint, exponent: number] {
  const binary = BINARY_SUFFIXES.indexOf(suffix);
  if (binary > 0) return [1024n ** BigInt(binary), 0];
  const decimal = DECIMAL_SUFFIXES.find(([name]) => name === suffix);
  return [1n, decimal ? decimal[1] : Number(suffix.slice(1))];
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** The canonical form: no decimals, and the largest suffix of its kind. Text that is no quantity stays as it is. */
export function canonicalQuantity(text: string): string {
  const nanos = quantityNanos(text);
  if (nanos === undefined) return text;
  if (nanos === 0n) return "0";
  const suffix = /[A-Za-z].*$/.exec(text)?.[0] ?? "";
  if (BINARY_SUFFIXES.indexOf(suffix) > 0 && nanos % NANO === 0n) return binary(nanos / NANO);
  const [exponent, value] = decimal(nanos);
  if (/^[eE][+-]?\d/.test(suffix)) return exponent === 0 ? `${value}` : `${value}e${exponent}`;
  const name = DECIMAL_SUFFIXES.find(([, power]) => power === exponent)?.[0] ?? "";
  return `${value}${name}`;
}

function binary(value: bigint): string {
  let scaled = value;
  let index = 0;
  while (scaled % 1024n === 0n && index < BINARY_SUFFIXES.length - 1) {
    scaled /= 1024n;
    index++;
  }
  return `${scaled}${BINARY_SUFFIXES[index]}`;
}

function decimal(nanos: bigint): readonly [exponent: number, value: bigint] {
  let value = nanos;
  let exponent = -9;
  while (value % 1000n === 0n && exponent < 18) {
    value /= 1000n;
    exponent += 3;
  }
  return [exponent, value];
}
