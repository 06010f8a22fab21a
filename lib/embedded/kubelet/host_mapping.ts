/**
 * How a container's paths and addresses are turned into those of the machine it shares with others.
 *
 * A process has neither a mount table nor a network of its own here. So the text that tells it where its files are and
 * where to listen (arguments, environment, configuration files) is rewritten, and the pod's spec stays what a real
 * cluster would get.
 */

/** What a container sees and what there is. */
export interface HostMapping {
  /** Mounted files and folders. */
  readonly paths: readonly PathMapping[];
  /** Address of the pod: stands for "any" and for "loopback". */
  readonly address: string;
}

/** One mounted file or folder. */
export interface PathMapping {
  /** Absolute path inside the container. */
  readonly containerPath: string;
  /** Absolute path on this machine. */
  readonly hostPath: string;
}

/**
 * The addresses that mean "this pod" to a container, as whole words; a network such as `0.0.0.0/0` is not one.
 * `localhost.` at the end of a sentence is, `localhost.example` is not.
 */
const OWN_ADDRESS = /(?<![\w.-])(?:0\.0\.0\.0|127\.0\.0\.1|localhost)(?![\w-]|\.\w|\/\d)/g;

/** What may stand before an absolute path; anything else makes it the tail of a longer one, such as `/var/data`. */
const BEFORE_PATH = "(?<=^|[\\s=:,;\"'`(\\[{<>|&@])";
/** What may not stand after a path; it would make it a longer name, such as `/database` or `/data.old`. */
const AFTER_PATH = "(?![\\p{L}\\p{N}_.~-])";

/** Rewrites every path and address of `text`. Of two mounts, the longer path counts. */
export function mapText(text: string, mapping: HostMapping): string {
  const addressed = text.replaceAll(OWN_ADDRESS, mapping.address);
  const hostPaths = new Map(
    mapping.paths.map(({ containerPath, hostPath }) => [withoutSlash(containerPath), hostPath]),
  );
  const longestFirst = [...hostPaths.keys()].sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return addressed;
  const anyPath = longestFirst.map((path) => RegExp.escape(path)).join("|");
  const pattern = new RegExp(`${BEFORE_PATH}(?:${anyPath})${AFTER_PATH}`, "gu");
  return addressed.replaceAll(pattern, (path) => hostPaths.get(path) ?? path);
}

/** Rewrites a file; one that is not text is returned as it is. */
export function mapFile(
  bytes: Uint8Array<ArrayBuffer>,
  mapping: HostMapping,
): Uint8Array<ArrayBuffer> {
  const text = decodeText(bytes);
  return text === undefined ? bytes : new TextEncoder().encode(mapText(text, mapping));
}

function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
