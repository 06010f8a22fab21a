/** What keys and values of labels must look like, in the words of `k8s.io/apimachinery/pkg/util/validation`. */

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const NAME_PROBLEM =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_PROBLEM =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const PREFIX_PROBLEM =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const MAX_LENGTH = 63;

/** What is wrong with the key of a label. */
export function labelKeyProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.pop() ?? "";
  if (parts.length > 1) {
    return `a qualified name ${
      NAME_PROBLEM.slice("name part ".length)
    } with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  const [prefix] = parts;
  if (prefix === "") return "prefix part must be non-empty";
  if (prefix !== undefined && !PREFIX.test(prefix)) return PREFIX_PROBLEM;
  if (name === "") return "name part must be non-empty";
  if (name.length > MAX_LENGTH) return `name part must be no more than ${MAX_LENGTH} bytes`;
  return NAME.test(name) ? undefined : NAME_PROBLEM;
}

/** What is wrong with the value of a label. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > MAX_LENGTH) return `must be no more than ${MAX_LENGTH} bytes`;
  return value === "" || NAME.test(value) ? undefined : VALUE_PROBLEM;
}
