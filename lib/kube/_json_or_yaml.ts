/** Reads what is JSON or YAML. */

/** Says where a text is neither, and never what stands there: it may hold a secret, and the parser's messages quote it. */
export class YamlError extends Error {
  /** Says where the parser stopped, if it tells. */
  constructor(place: string) {
    super(`it is not valid YAML${place}`);
    this.name = "YamlError";
  }
}

/**
 * The value that a text stands for. Of two equal keys YAML has none; in JSON the last one counts. JSON is YAML, but
 * the parser of YAML is as much code as all of this room: it is loaded only for a text that needs it.
 *
 * @throws {YamlError} if it is neither
 */
export async function parseJsonOrYaml(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // It may be YAML still.
  }
  const { parse, YAMLParseError } = await import("./_yaml.ts");
  try {
    return parse(text, { prettyErrors: false, logLevel: "error" });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw new YamlError("");
    const line = text.slice(0, error.pos[0]).split("\n").length;
    const what = error.code.toLowerCase().replaceAll("_", " ");
    throw new YamlError(` in line ${line}: ${what}`);
  }
}
