/**
 * Checks that all that the rooms export is documented: `deno doc --lint` on every mod.ts, less its complaint that a
 * type of a package (`kubernetes-types`, `typebox`, `prom-client`) is not exported by ourselves, which no re-export can satisfy. The
 * fields of a type that is made from a TypeBox schema have their descriptions there.
 */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

const entries = ["lib/cli/manifests/mod.ts"];
for await (const { name } of Deno.readDir("lib")) entries.push(`lib/${name}/mod.ts`);
const { code, stderr } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--quiet", "--lint", ...entries.sort()],
  env: { NO_COLOR: "1" },
}).output();

const report = new TextDecoder().decode(stderr);
const findings = report.split(/^(?=error\[)/m).filter((part) => part.startsWith("error["));
const ours: string[] = [];
for (const finding of findings) if (!await isAboutPackage(finding)) ours.push(finding.trim());
if (ours.length > 0) console.error(ours.join("\n\n"));
// A failure without findings, such as a file that cannot be read, must not pass for a clean report.
else if (code !== 0 && findings.length === 0) console.error(report);
else console.log(`Checked the docs of ${entries.length} rooms`);
if (ours.length > 0 || (code !== 0 && findings.length === 0)) Deno.exit(1);

/** Whether a finding is about a type that its file imports from a package. */
async function isAboutPackage(finding: string): Promise<boolean> {
  const [, type] = /^error\[private-type-ref\].* references private type '(\w+)/.exec(finding) ??
    [];
  const [, file] = /--> (.+?):\d+/.exec(finding) ?? [];
  if (!type || !file) return false;
  const source = await Deno.readTextFile(file);
  if (type === "Static" || source.includes(`Static<typeof ${type}>`)) return true;
  const imports = source.matchAll(
    /^import (?:type )?\{([^}]*)\} from "(?:kubernetes-types\/|prom-client")/gm,
  );
  return [...imports].some(([, names = ""]) => new RegExp(`\\b${type}\\b`).test(names));
}
