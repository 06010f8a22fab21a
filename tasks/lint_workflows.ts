/** Checks .github/workflows with actionlint: what GitHub would only say of them once they run there. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

const MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
/** Not what else it finds on a machine, or the result would depend on that. */
const ARGS = ["-no-color", "-shellcheck=", "-pyflakes="];

/** The program if it is there, else Go builds it, once. */
const WAYS = [["actionlint"], ["go", "run", MODULE]] as const;

for (const [program, ...args] of WAYS) {
  try {
    const { code } = await new Deno.Command(program, { args: [...args, ...ARGS] }).spawn().status;
    if (code === 0) console.log("Checked the workflows");
    Deno.exit(code === 0 ? 0 : 1);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
console.error(
  "Cannot check the workflows: neither actionlint nor Go is there " +
    `(https://go.dev/dl, or: go install ${MODULE})`,
);
// With CI set nobody is to believe in a check that did not run.
Deno.exit(Deno.env.get("CI") ? 1 : 0);
