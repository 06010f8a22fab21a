/** The parser of YAML, in a file of its own to be loaded on demand. */

export { parse, YAMLParseError } from "yaml";
