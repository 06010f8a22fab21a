/**
 * Compiles the program to one file that needs nothing beside it, and writes what a release has with it: an SBOM, and the
 * checksums of all that is in `dist/`.
 */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { Command, Option } from "@commander-js/extra-typings";
import config from "../deno.json" with { type: "json" };
import { problemOfProgram, writeOrigin } from "./_built.ts";
import { type Bundle, bundle } from "./_bundle.ts";
import { writeChecksums } from "./_checksums.ts";
import { commitOfWorkingCopy, epochOfCommit } from "./_commit.ts";
import { removeIfThere } from "./_files.ts";
import { collectLibraries } from "./_libraries.ts";
import { permissionFlags, PERMISSIONS } from "./_permissions.ts";
import { runProgram } from "./_program.ts";
import { writeSbom } from "./_sbom.ts";
import {
  problemOfDownload,
  problemOfStub,
  type Target,
  TARGET_NAMES,
  targetOf,
} from "./_targets.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const DIST = "dist";
const PROGRAM = `${DIST}/bitcoin-controller`;
/** What the image holds. */
const ROOTFS = `${DIST}/rootfs`;
/** What that was made of, for the image's labels. */
const ORIGIN = `${DIST}/rootfs.json`;
/** As much of a stub as says what it is for. */
const HEAD_BYTES = 64;

const { target } = new Command("deno task build")
  .description(`Compiles ${PROGRAM}, one file that needs nothing beside it.`)
  .addOption(
    new Option(
      "--target <platform>",
      `for another platform, to ${PROGRAM}-<platform> (default: this machine's, to ${PROGRAM})`,
    ).choices(TARGET_NAMES),
  )
  .addHelpText(
    "after",
    `
The first time Deno downloads packages and the runtime that goes into the file. Where it cannot,
DENO_COMPILE names a Deno to compile with, and DENORT_BIN its runtime (\`denort\`).

Exit status: 0 done, 1 failed, 2 wrong command line.`,
  )
  .exitOverride((error) => Deno.exit(error.exitCode === 0 ? 0 : 2))
  .parse(Deno.args, { from: "user" }).opts();

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

async function build(): Promise<void> {
  const goal = targetOf(target, Deno.build.target);
  await checkStub(goal);
  const output = target === undefined ? PROGRAM : `${PROGRAM}-${goal.name}`;
  // Whatever fails below, nothing of an earlier build is taken for this one's.
  for (const path of [output, `${output}.cdx.json`, `${DIST}/SHA256SUMS`]) {
    await removeIfThere(path);
  }
  if (target === undefined) await removeIfThere(ROOTFS, { recursive: true });
  const commit = await commitOfWorkingCopy();
  const made = await bundle(`${DIST}/build`, commit);
  await compile(made, goal, output);
  if (goal.triple === Deno.build.target) await checkProgram(output);
  const { size } = await Deno.stat(output);
  console.log(`${output}: ${(size / 1e6).toFixed(1)} MB, ${commit ?? "of no known commit"}`);
  await writeSbom(`${output}.cdx.json`, made, await runtimeVersion());
  await writeChecksums(DIST);
  if (target !== undefined) return;
  await writeOrigin(ORIGIN, { commit, epochSeconds: await epochOfCommit() });
  await collectLibraries(output, ROOTFS);
}

/** Before anything that takes long. */
async function checkStub(goal: Target): Promise<void> {
  const path = Deno.env.get("DENORT_BIN");
  if (path === undefined) return;
  const head = new Uint8Array(HEAD_BYTES);
  try {
    using file = await Deno.open(path);
    await file.read(head);
  } catch (cause) {
    throw new Error(
      `Cannot read the runtime stub '${path}' in DENORT_BIN; unset DENORT_BIN to have it downloaded`,
      { cause },
    );
  }
  const problem = problemOfStub(path, head, goal);
  if (problem !== undefined) throw new Error(problem);
}

async function compile({ folder, main }: Bundle, goal: Target, output: string): Promise<void> {
  const { success, text } = await deno(
    [
      "compile",
      "--quiet",
      "--no-config",
      "--no-lock",
      // Types are checked by `deno task check`, and by the Deno that the project is written for.
      "--no-check",
      // The cache would be a file in /tmp under a name that everybody knows, for whoever comes first to fill.
      "--no-code-cache",
      ...permissionFlags(PERMISSIONS),
      `--v8-flags=${V8_FLAGS}`,
      `--target=${goal.triple}`,
      `--output=${await Deno.realPath(DIST)}/${output.slice(DIST.length + 1)}`,
      main,
    ],
    folder,
  );
  if (!success) {
    throw new Error(problemOfDownload(text, goal) ?? `Cannot compile for ${goal.name}: ${text}`);
  }
}

/** That it was compiled does not mean that it runs. */
async function checkProgram(output: string): Promise<void> {
  const problem = problemOfProgram(output, await runProgram([output, "version"]), config.version);
  if (problem === undefined) return;
  await removeIfThere(output);
  throw new Error(problem);
}

/** Version of the Deno that is in the binary. */
async function runtimeVersion(): Promise<string> {
  const { text } = await deno(["--version"], ".");
  const version = /^deno (\S+)/.exec(text)?.[1];
  if (version === undefined) throw new Error(`Cannot tell the version of Deno from '${text}'`);
  return version;
}

/** Runs the Deno that compiles; where the stub cannot be downloaded, DENO_COMPILE names one whose stub is in DENORT_BIN. */
async function deno(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly success: boolean; readonly text: string }> {
  const program = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  try {
    const command = new Deno.Command(program, { args: [...args], cwd });
    const { success, stdout, stderr } = await command.output();
    return { success, text: new TextDecoder().decode(success ? stdout : stderr).trim() };
  } catch (cause) {
    throw new Error(
      `Cannot run '${program}', which DENO_COMPILE names; unset it to use this Deno`,
      {
        cause,
      },
    );
  }
}
