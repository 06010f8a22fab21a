/** `deno task image`: makes the image of the controller from what `deno task build` has put into dist/rootfs. */

// deno-lint-ignore-file no-console -- a task talks to the person at the terminal

import { Command, Option } from "@commander-js/extra-typings";
import config from "../deno.json" with { type: "json" };
import { readOrigin } from "./_built.ts";
import { parseElf } from "./_elf.ts";
import { ENGINES, findEngine } from "./_engines.ts";
import { removeIfThere } from "./_files.ts";
import { platformOf, PROGRAM } from "./_libraries.ts";
import { runProgram } from "./_program.ts";

const ROOTFS = "dist/rootfs";
/** What it was made of. */
const ORIGIN = "dist/rootfs.json";
const RECIPE = "Dockerfile.scratch";

const { name, engine, output } = new Command("deno task image")
  .description(
    `Builds the image of the controller from ${ROOTFS}, which \`deno task build\` makes, with docker, podman or buildah: whichever is there.`,
  )
  .option("--name <name>", "name and tag of the image", `bitcoin-controller:${config.version}`)
  .addOption(
    new Option("--engine <engine>", "what builds it (default: the first that can be used)")
      .choices(ENGINES.map((known) => known.name)),
  )
  .option("--output <file>", "write it to a file too, for `ctr images import` and the like")
  .addHelpText(
    "after",
    `
Examples:
  deno task build && deno task image
  deno task image --name registry.example.com/bitcoin-controller:${config.version}
  deno task image --output dist/image.tar && kind load image-archive dist/image.tar

Exit status: 0 done, 1 failed, 2 wrong command line.`,
  )
  .exitOverride((error) => Deno.exit(error.exitCode === 0 ? 0 : 2))
  .parse(Deno.args, { from: "user" }).opts();

await build().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
});

async function build(): Promise<void> {
  const platform = await platformOfProgram();
  // The commit that was built, whatever is checked out now.
  const { commit: revision, epochSeconds: time } = await readOrigin(ORIGIN);
  const env = time === undefined ? {} : { SOURCE_DATE_EPOCH: time };
  const { name: program, commands } = await findEngine(
    (command) => runProgram(command, { env }),
    engine,
  );
  const must = async (args: readonly string[]): Promise<string> => {
    const { ok, stdout, stderr } = await runProgram([program, ...args], { env });
    if (ok) return stdout.trim();
    throw new Error(`Cannot build the image: \`${program} ${args[0]}\` says\n${stderr.trim()}`);
  };
  const labels = {
    "org.opencontainers.image.version": config.version,
    ...(revision !== undefined && { "org.opencontainers.image.revision": revision }),
  };
  await must(commands.build({ name, platform, labels, epochSeconds: time }, RECIPE, ROOTFS));
  console.log(`${name}: ${sizeOf(await must(commands.size(name)))}, ${platform}, with ${program}`);
  if (output === undefined) return;
  // The engines do not write over a file.
  await removeIfThere(output);
  await must(commands.save(name, output));
  console.log(`${output}: ${sizeOf(`${(await Deno.stat(output)).size}`)}`);
}

async function platformOfProgram(): Promise<string> {
  const program = await Deno.readFile(`${ROOTFS}${PROGRAM}`).catch((cause) => {
    throw new Error(
      `Cannot build the image: '${ROOTFS}' is not there; run \`deno task build\` first, on Linux`,
      { cause },
    );
  });
  return platformOf(parseElf(program));
}

/** Some engines say bytes, others say it as a person reads it. */
function sizeOf(size: string): string {
  return /^\d+$/.test(size) ? `${(Number(size) / 1e6).toFixed(1)} MB` : size;
}
