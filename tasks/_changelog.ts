/** Reads CHANGELOG.md, in the format of https://keepachangelog.com. Pure. */

/** What stands in place of a date while a version is not released. */
const UNRELEASED = "Unreleased";

/** `## [0.1.0] - 2026-01-31`, or with `Unreleased` for the date. */
const HEADING = /^## \[([^\]]+)\](?: - (\S+))?$/;

/** One version, or what is not in one yet. */
export interface Entry {
  /** `0.1.0`, or `Unreleased` for what no version has. */
  readonly version: string;
  /** When it was released; undefined if it was not. */
  readonly date: string | undefined;
  /** What it says, in Markdown. */
  readonly text: string;
}

/**
 * The entries, from the newest to the oldest.
 *
 * @throws {SyntaxError} if a heading is none of a version, or a date is none
 */
export function entriesOf(changelog: string): Entry[] {
  const parts = changelog.split(/^(?=## )/m).filter((part) => part.startsWith("## "));
  return parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const [, version, date] = HEADING.exec(heading) ?? [];
    if (version === undefined) throw new SyntaxError(`'${heading}' is no heading of a version`);
    const isDated = date !== undefined && date !== UNRELEASED;
    if (isDated && !/^\d{4}-\d\d-\d\d$/.test(date)) throw new SyntaxError(`'${date}' is no date`);
    return { version, date: isDated ? date : undefined, text: lines.join("\n").trim() };
  });
}

/** What is released. */
export interface Release {
  /** The tag, such as `v0.1.0`. */
  readonly tag: string;
  /** The version that deno.json names. */
  readonly version: string;
  readonly changelog: string;
}

/**
 * The notes of a release.
 *
 * @throws {Error} if the tag is not that of the version, or the CHANGELOG does not say of it when it is released, or what it is
 */
export function notesOf({ tag, version, changelog }: Release): string {
  const cannot = (why: string): Error => new Error(`Cannot release '${tag}': ${why}`);
  if (tag !== `v${version}`) throw cannot(`deno.json has the version ${version}`);
  const entry = entriesOf(changelog).find((one) => one.version === version);
  if (!entry) throw cannot(`CHANGELOG.md has no '## [${version}] - YYYY-MM-DD'`);
  if (!entry.date) throw cannot(`CHANGELOG.md has no date for ${version}`);
  if (entry.text === "") throw cannot(`CHANGELOG.md says nothing about ${version}`);
  return `${entry.text}\n`;
}
