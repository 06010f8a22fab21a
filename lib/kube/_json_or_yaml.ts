/** Reads what is JSON or YAML. */

/** Why a text is neither; does not quote it, for it may hold a secret. */
export class YamlError extends Error {
  /** The line, from 1; `undefined` if the parser names none. */
  readonly line: number | undefined;

  /** Takes over what the parser says. */
  constructor(message: string, line: number | undefined, options: ErrorOptions) {
    super(message, options);
    this.name = "YamlError";
    this.line = line;
  }
}

/**
 * The value that a text stands for. JSON is YAML, but the parser of YAML is as much code as all of this room: it is
 * loaded only for a text that needs it.
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
    // Pretty errors would quote the line.
    return parse(text, { prettyErrors: false, logLevel: "error" });
  } catch (cause) {
    const line = cause instanceof YAMLParseError
      ? text.slice(0, cause.pos[0]).split("\n").length
      : undefined;
    throw new YamlError(cause instanceof Error ? cause.message : String(cause), line, { cause });
  }
}
