/** The story of the demo: how long a person waits for a network, for a replaced node, and for the whole. */

import { type Benchmark, type Print, summarize, verdict } from "./harness.ts";

/** What `demo --story --json` prints, as far as it is used. */
interface Story {
  readonly bitcoind: string;
  readonly durationMs: number;
  readonly steps: readonly {
    readonly step: number;
    readonly durationMs: number;
    readonly endedMs: number;
    readonly detail: string;
  }[];
}

const ROUNDS = 5;
/** A bare bitcoind that answers its first call: what no controller can be faster than. */
const REFERENCE = "bare bitcoind answers";

/** Runs the story a few times and prints what a person waits for, beside a bare bitcoind's start. */
export const benchmark: Benchmark = {
  about: "demo --story: 3 nodes linked, a killed node's replacement linked, the whole",
  async run(_measure, print) {
    const stories: Story[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      stories.push(await tellStory());
      const ms = await startBare();
      if (ms !== undefined) bare.push(ms);
    }
    print(
      `the story, ${ROUNDS} rounds, with ${
        stories[0]?.bitcoind
      }; in ms from the start of the command`,
    );
    const reference = bare.length > 0 ? summarize(bare).median : undefined;
    if (reference !== undefined) row(print, REFERENCE, bare, undefined, reference);
    row(
      print,
      "3 nodes linked",
      stories.map((story) => story.steps[0]?.endedMs ?? Number.NaN),
      8_000,
      reference,
    );
    row(
      print,
      "replacement linked after its Ready",
      stories.map(linkedAfterReady),
      3_000,
      reference,
    );
    row(print, "the whole story", stories.map(({ durationMs }) => durationMs), 60_000, reference);
    print("");
  },
};

function row(
  print: Print,
  name: string,
  values: readonly number[],
  target: number | undefined,
  reference: number | undefined,
): void {
  const { median, min, max } = summarize(values);
  const ratio = reference === undefined ? "" : `  ratio ${(median / reference).toFixed(2)}`;
  const goal = target === undefined ? "" : `  ${verdict(target, max <= target)}`;
  const figures = [median, min, max].map((value) => Math.round(value).toString().padStart(7)).join(
    "",
  );
  print(`${name.padEnd(36)}${figures}${ratio}${goal}`);
}

async function tellStory(): Promise<Story> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "main.ts", "demo", "--story", "--json"],
  }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`The story does not hold: ${decoder.decode(stderr)}`);
  return JSON.parse(decoder.decode(stdout));
}

/** From the detail of the step that replaces a node. */
function linkedAfterReady({ steps }: Story): number {
  return Number(/linked (\d+) ms after/.exec(steps[2]?.detail ?? "")?.[1]);
}

/** Time from the start of a bitcoind to its first answer, in ms; `undefined` if there is none on PATH. */
async function startBare(): Promise<number | undefined> {
  const folder = await Deno.makeTempDir();
  const flags = [
    "-regtest",
    `-datadir=${folder}`,
    "-listen=0",
    "-rpcport=18743",
    "-dbcache=16",
    "-par=1",
  ];
  const start = performance.now();
  try {
    const node = new Deno.Command("bitcoind", { args: flags, stdout: "null", stderr: "null" })
      .spawn();
    const cli = [...flags.slice(0, 2), "-rpcport=18743", "-rpcwait", "getblockcount"];
    await new Deno.Command("bitcoin-cli", { args: cli }).output();
    const ms = performance.now() - start;
    node.kill("SIGKILL");
    await node.status;
    return ms;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
