/** What names, labels and the like may look like, and what is said when they do not: `k8s.io/apimachinery/pkg/util/validation`. */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const CONFIG_KEY = "[-._a-zA-Z0-9]+";

/** Longest label, in characters. */
const MAX_LABEL = 63;
/** Longest subdomain, in characters. */
const MAX_SUBDOMAIN = 253;
/** Longest name of a port, in characters. */
const MAX_PORT_NAME = 15;

/** Says what is wrong with a text; nothing if it is right. */
export type TextRule = (text: string) => readonly string[];

/** Such as `example.com`: the names of most objects. */
export function subdomainProblems(text: string): readonly string[] {
  return [
    ...tooLong(text, MAX_SUBDOMAIN),
    ...unmatched(
      text,
      SUBDOMAIN,
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
      ["example.com"],
    ),
  ];
}

/** Such as `123-abc`: the names of namespaces, StatefulSets and containers. */
export function labelNameProblems(text: string): readonly string[] {
  const long = tooLong(text, MAX_LABEL);
  if (matches(text, LABEL)) return long;
  if (matches(text, SUBDOMAIN)) return [...long, "must not contain dots"];
  return [
    ...long,
    ...unmatched(
      text,
      LABEL,
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      ["my-name", "123-abc"],
    ),
  ];
}

/** Such as `abc-123`: the names of services. */
export function dns1035Problems(text: string): readonly string[] {
  return [
    ...tooLong(text, MAX_LABEL),
    ...unmatched(
      text,
      DNS_1035,
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
      ["my-name", "abc-123"],
    ),
  ];
}

/** Anything that can stand in a path: the names of roles. */
export function pathSegmentProblems(text: string): readonly string[] {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((part) => text.includes(part)).map((part) =>
    `may not contain '${part}'`
  );
}

/** Such as `example.com/MyName`: the keys of labels, and finalizers. */
export function qualifiedNameProblems(text: string): readonly string[] {
  const advice = [
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    ["MyName", "my.name", "123-abc"],
  ] as const;
  const [first = "", second, ...others] = text.split("/");
  if (others.length > 0) {
    const [message] = unmatched("", QUALIFIED, ...advice);
    return [
      `a qualified name ${message} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = second ?? first;
  const ofName = [
    ...(name === "" ? ["must be non-empty"] : tooLong(name, MAX_LABEL)),
    ...unmatched(name, QUALIFIED, ...advice),
  ];
  return [
    ...(second === undefined ? [] : prefixProblems(first)),
    ...ofName.map((problem) => `name part ${problem}`),
  ];
}

function prefixProblems(prefix: string): readonly string[] {
  const problems = prefix === "" ? ["must be non-empty"] : subdomainProblems(prefix);
  return problems.map((problem) => `prefix part ${problem}`);
}

/** The values of labels. */
export function labelValueProblems(text: string): readonly string[] {
  return [
    ...tooLong(text, MAX_LABEL),
    ...unmatched(
      text,
      `(${QUALIFIED})?`,
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      ["MyValue", "my_value", "12345"],
    ),
  ];
}

/** Keys in the data of ConfigMaps and Secrets. */
export function configKeyProblems(text: string): readonly string[] {
  return [
    ...tooLong(text, MAX_SUBDOMAIN),
    ...unmatched(
      text,
      CONFIG_KEY,
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      ["key.name", "KEY_NAME", "key-name"],
    ),
    ...(text.startsWith("..") && text !== ".." ? ["must not start with '..'"] : []),
    ...(text === "." || text === ".." ? [`must not be '${text}'`] : []),
  ];
}

/** Names of environment variables. */
export function environmentNameProblems(text: string): readonly string[] {
  if (text === "") return ["environment variable name must be non-empty"];
  if (/^[ -<>-~]*$/.test(text)) return [];
  return [
    "a valid environment variable name must consist only of printable ASCII characters other than '='",
  ];
}

/** Names of ports of containers. */
export function portNameProblems(text: string): readonly string[] {
  return [
    ...tooLong(text, MAX_PORT_NAME),
    ...(/^[-a-z0-9]+$/.test(text)
      ? []
      : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
    ...(/[a-z]/.test(text) ? [] : ["must contain at least one letter (a-z)"]),
    ...(text.includes("--") ? ["must not contain consecutive hyphens"] : []),
    ...(/^-|-$/.test(text) ? ["must not begin or end with a hyphen"] : []),
  ];
}

/** A prefix of a name may end with a dash: something follows it. */
export function prefixOf(rule: TextRule): TextRule {
  return (text) => rule(text.length > 1 && text.endsWith("-") ? `${text.slice(0, -2)}a` : text);
}

/** What is said of a number that is not between two others. */
export function rangeMessage(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

function tooLong(text: string, limit: number): readonly string[] {
  return new TextEncoder().encode(text).length > limit
    ? [`must be no more than ${limit} characters`]
    : [];
}

function matches(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern}$`).test(text);
}

function unmatched(
  text: string,
  pattern: string,
  message: string,
  examples: readonly string[],
): readonly string[] {
  if (matches(text, pattern)) return [];
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return [`${message} (e.g. ${shown}regex used for validation is '${pattern}')`];
}
