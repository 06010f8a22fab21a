/** Formats of strings that custom resources are validated by: `k8s.io/kube-openapi/pkg/validation/strfmt`. */

const HEX4 = "[0-9a-f]{4}";
const UUID = (third: string, fourth: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?${HEX4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, "i");

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const HOST_LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
const HOSTNAME = new RegExp(`^${HOST_LABEL}(?:\\.${HOST_LABEL})*$`);
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
const GO_DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/;
const WORD_DURATION =
  /^\d+\s*(?:ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hr|hours?|d|days?|w|wk|weeks?)$/;

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) =>
    text !== "" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
      text.replaceAll(/\s/g, ""),
    ),
  cidr: (text) => {
    const [address = "", bits = "", ...others] = text.split("/");
    const limit = IPV4.test(address) ? 32 : 128;
    return others.length === 0 && isAddress(address) && /^\d+$/.test(bits) && Number(bits) <= limit;
  },
  date: (text) => DATE.test(text) && !Number.isNaN(Date.parse(text)),
  datetime: (text) => DATE_TIME.test(text) && DATE.test(text.slice(0, 10)),
  duration: (text) => GO_DURATION.test(text) || WORD_DURATION.test(text),
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hexcolor: (text) => /^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  hostname: (text) => text.length <= 255 && HOSTNAME.test(text),
  ipv4: (text) => IPV4.test(text),
  ipv6: isIpv6,
  mac: (text) => /^[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}$/.test(text),
  uri: (text) => text.startsWith("/") || URL.canParse(text),
  uuid: (text) => UUID(HEX4, HEX4).test(text),
  uuid3: (text) => UUID("3[0-9a-f]{3}", HEX4).test(text),
  uuid4: (text) => UUID("4[0-9a-f]{3}", "[89ab][0-9a-f]{3}").test(text),
  uuid5: (text) => UUID("5[0-9a-f]{3}", "[89ab][0-9a-f]{3}").test(text),
};

/** Whether strings of the format are checked. */
export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(FORMATS, format.replaceAll("-", ""));
}

/** Whether a string has a format; true for formats that nobody checks, such as `password`. */
export function hasFormat(text: string, format: string): boolean {
  const name = format.replaceAll("-", "");
  return !Object.hasOwn(FORMATS, name) || FORMATS[name]?.(text) === true;
}

function isAddress(text: string): boolean {
  return IPV4.test(text) || isIpv6(text);
}

function isIpv6(text: string): boolean {
  return text.includes(":") && /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
}
