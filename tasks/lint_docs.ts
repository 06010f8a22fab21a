/**
 * Checks that all that the rooms export is documented: `deno doc --lint` on every mod.ts, less its complaint that a
 * type of a package (`kubernetes-types`) is not exported by ourselves, which no re-export can satisfy.
 */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

const ROOMS = "lib";

/** Names of the types that lib/ declares itself. */
async function declaredTypes(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      for (const name of await declaredTypes(path)) names.add(name);
    } else if (path.endsWith(".ts")) {
      const source = await Deno.readTextFile(path);
      for (
        const [, name = ""] of source.matchAll(
          /^(?:export )?(?:abstract )?(?:interface|type|class) (\w+)/gm,
        )
      ) {
        names.add(name);
      }
    }
  }
  return names;
}

const entries: string[] = [];
for await (const { name } of Deno.readDir(ROOMS)) entries.push(`${ROOMS}/${name}/mod.ts`);
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--quiet", "--lint", ...entries.sort()],
  env: { NO_COLOR: "1" },
}).output();

const own = await declaredTypes(ROOMS);
const report = new TextDecoder().decode(stderr);
const findings = report.split(/^(?=error\[)/m).filter((part) => part.startsWith("error["));
const ours = findings.filter((finding) => {
  const [, type] = /^error\[private-type-ref\].* references private type '(\w+)/.exec(finding) ??
    [];
  return type === undefined || own.has(type);
});
for (const finding of ours) console.error(finding.trim(), "\n");
// A failure without findings, such as a file that cannot be read, must not pass for a clean report.
if (code !== 0 && findings.length === 0) {
  console.error(report);
  Deno.exit(1);
}
console.log(`Checked the docs of ${entries.length} rooms`);
if (ours.length > 0) Deno.exit(1);
