/** The parser of YAML. Loaded on demand, so by a file of its own: of a package, a bundle gives nothing but `default`. */

export { parse, YAMLParseError } from "yaml";
