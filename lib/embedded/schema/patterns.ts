/** Regular expressions in the syntax of Go, as schemas write them. */

const compiled = new Map<string, RegExp | undefined>();

/** Compiles a pattern; undefined if this runtime cannot. Each pattern is compiled once. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  const [, flags = "", body = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? [];
  const translated = body.replaceAll("(?P<", "(?<").replaceAll("\\A", "^").replaceAll("\\z", "$");
  try {
    return new RegExp(translated, `u${flags}`);
  } catch {
    return compileLoosely(translated, flags);
  }
}

/** Go allows escapes that JavaScript has only without Unicode: `\-`, `\_`. */
function compileLoosely(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
