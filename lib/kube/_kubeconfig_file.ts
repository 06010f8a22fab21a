/** The text of kubeconfig files: from YAML to entries by name, of one file and of several. */

import { type Entry, textField } from "./_kubeconfig_fields.ts";
import { parseJsonOrYaml, YamlError } from "./_json_or_yaml.ts";
import { asMapping } from "./_mapping.ts";
import { ConfigError } from "./errors.ts";

/** What one file says, or several together. */
export interface Kubeconfig {
  /** `kubeconfig '/x'`, for messages. */
  readonly title: string;
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
}

/** How a text is parsed. */
export interface ParseOptions {
  /**
   * Whether a text that says nothing, or only in comments, stands for a kubeconfig without entries.
   *
   * @default {false}
   */
  readonly mayBeEmpty?: boolean;
}

/**
 * Parses the text of one file.
 *
 * @throws {ConfigError} if it is not a kubeconfig
 */
export async function parseKubeconfig(
  text: string,
  file: string,
  { mayBeEmpty = false }: ParseOptions = {},
): Promise<Kubeconfig> {
  const title = `kubeconfig '${file}'`;
  const value = await valueOf(text, title);
  if (value === null && !mayBeEmpty) throw new ConfigError(`Cannot read ${title}: it is empty`);
  const root = mappingOf(value ?? {}, `Cannot read ${title}: it`);
  if (root.kind !== undefined && root.kind !== "Config") {
    throw new ConfigError(
      `Cannot read ${title}: its kind is ${JSON.stringify(root.kind)}, not "Config"`,
    );
  }
  return {
    title,
    currentContext: textField({ title, file, fields: root }, "current-context"),
    clusters: entriesOf(root, "clusters", "cluster", file),
    users: entriesOf(root, "users", "user", file),
    contexts: entriesOf(root, "contexts", "context", file),
  };
}

/** Merges files: the first one to name an entry has all of it (client-go, `clientcmd/loader.go`). */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const firstWins = (maps: ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> =>
    new Map(maps.toReversed().flatMap((map) => [...map]));
  return {
    title: files.map((file) => file.title).join(", "),
    currentContext: files.find((file) => file.currentContext)?.currentContext,
    clusters: firstWins(files.map((file) => file.clusters)),
    users: firstWins(files.map((file) => file.users)),
    contexts: firstWins(files.map((file) => file.contexts)),
  };
}

async function valueOf(text: string, title: string): Promise<unknown> {
  try {
    return await parseJsonOrYaml(text);
  } catch (cause) {
    if (!(cause instanceof YamlError)) throw cause;
    throw new ConfigError(`Cannot read ${title}: ${cause.message}`, { cause });
  }
}

function entriesOf(
  root: Readonly<Record<string, unknown>>,
  list: string,
  kind: string,
  file: string,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const items = root[list] ?? [];
  if (!Array.isArray(items)) {
    throw new ConfigError(`Cannot read kubeconfig '${file}': field '${list}' is not a list`);
  }
  items.forEach((item: unknown, position) => {
    const where = `${list}[${position}]`;
    const named = mappingOf(item, `Cannot read kubeconfig '${file}': field '${where}'`);
    if (typeof named.name !== "string" || named.name === "") {
      throw new ConfigError(`Cannot read kubeconfig '${file}': field '${where}.name' is missing`);
    }
    // A user without fields is written as `user: null` or left out, and means nobody.
    const fields = mappingOf(
      named[kind] ?? {},
      `Cannot read kubeconfig '${file}': field '${where}.${kind}'`,
    );
    const title = `${kind} '${named.name}' of kubeconfig '${file}'`;
    // Nobody knows which of them is meant (client-go, `clientcmd/api/v1/conversion.go`).
    if (entries.has(named.name)) {
      throw new ConfigError(
        `Cannot read kubeconfig '${file}': field '${list}' has two entries of name '${named.name}'; ` +
          "remove or rename one",
      );
    }
    entries.set(named.name, { title, file, fields });
  });
  return entries;
}

function mappingOf(value: unknown, subject: string): Readonly<Record<string, unknown>> {
  const mapping = asMapping(value);
  if (!mapping) throw new ConfigError(`${subject} is not a mapping`);
  return mapping;
}
