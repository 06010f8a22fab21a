/** How the rooms log: a constant message, and all that varies in fields. */

import assert from "node:assert/strict";

const LIB = new URL("../lib/", import.meta.url);

/** Names that a JSON line has for itself. */
const TAKEN = ["message", "level", "logger", "@timestamp"];

/** A call of a logger, up to its first argument. */
const CALL = /\b(?:log|logger)(?:\.(?:debug|info|warn|error)|\[[^\]]+\])\(\s*/g;

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

Deno.test("every message is a constant, without placeholders, and no field hides what a JSON line says itself", async () => {
  let calls = 0;
  for await (const file of sources(LIB)) {
    const source = await Deno.readTextFile(file);
    for (const call of source.matchAll(CALL)) {
      calls++;
      const rest = source.slice(call.index + call[0].length);
      const [message] = /^"(?:[^"\\]|\\.)*"/.exec(rest) ?? [];
      const where = `${file.pathname.slice(LIB.pathname.length)}: ${rest.slice(0, 60)}`;
      assert.ok(message !== undefined, `the message is no string literal in ${where}`);
      assert.doesNotMatch(message, /[{}]/, where);
      assert.doesNotMatch(message, /\."$/, where);
      const [fields = ""] = /^,\s*\{[^}]*\}/.exec(rest.slice(message.length)) ?? [];
      for (const name of TAKEN) {
        assert.doesNotMatch(fields, new RegExp(`[{,]\\s*"?${name}"?\\s*[:,}]`));
      }
    }
  }
  assert.ok(calls > 20, `only ${calls} calls were found`);
});
