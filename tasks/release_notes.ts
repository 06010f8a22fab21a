/** `deno task release:notes TAG`: prints what the CHANGELOG says of a release, if all agree about it. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import config from "../deno.json" with { type: "json" };
import { notesOf } from "./_changelog.ts";

const [tag, ...rest] = Deno.args;
if (tag === undefined || rest.length > 0) {
  console.error("Usage: deno task release:notes TAG\nTAG is 'v' and the version of deno.json.");
  Deno.exit(2);
}
try {
  const changelog = await Deno.readTextFile(new URL("../CHANGELOG.md", import.meta.url));
  await Deno.stdout.write(
    new TextEncoder().encode(notesOf({ tag, version: config.version, changelog })),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
