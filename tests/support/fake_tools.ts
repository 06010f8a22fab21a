/** Programs that do nothing but keep how they were called, in a folder for `PATH`. */

/** A folder of fake programs; it is removed when it is disposed of. */
export interface FakeTools extends AsyncDisposable {
  /** The folder. */
  readonly folder: string;
  /** How they were called so far, such as `kind get clusters`; what they read follows behind `<`. */
  calls(): Promise<readonly string[]>;
}

/**
 * Makes the programs. Each has the lines of a shell script that say what it does after it has kept its call: nothing,
 * which is success, if there are none. It finds no other program in `PATH` than its like.
 */
export async function fakeTools(
  scripts: Readonly<Record<string, readonly string[]>>,
): Promise<FakeTools> {
  const folder = await Deno.makeTempDir({ prefix: "fake-tools-" });
  const log = `${folder}/calls.log`;
  for (const [name, lines] of Object.entries(scripts)) {
    const script = [
      "#!/bin/bash",
      // Only what is piped in is read.
      '[ -p /dev/stdin ] && input=" < $(/bin/cat)"',
      // One write, so that calls at the same time do not mix; lines of the input become one.
      `printf '%s\\n' "${name} $*\${input//$'\\n'/\\\\n}" >> '${log}'`,
      ...lines,
      "exit 0",
    ];
    await Deno.writeTextFile(`${folder}/${name}`, `${script.join("\n")}\n`, { mode: 0o755 });
  }
  return {
    folder,
    async calls() {
      const text = await Deno.readTextFile(log).catch(() => "");
      return text.split("\n").filter(Boolean);
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}
