/** `version`: which program this is. */

import { Command } from "@commander-js/extra-typings";
import config from "../../deno.json" with { type: "json" };
import build from "./build.json" with { type: "json" };
import type { CommandIo } from "./io.ts";

/** Version of the program, from deno.json. */
export const VERSION: string = config.version;

/** Commit that it was built from, with `-dirty` if files were changed; empty if unknown, as from source. */
export const COMMIT: string = build.commit;

/** Prints the program's version and what it runs on. */
export function versionCommand(io: CommandIo): Command {
  return new Command("version")
    .description("print the version and the commit of the program, and its runtime")
    .action(() => {
      const parts = [
        ...(COMMIT ? [`commit ${COMMIT}`] : []),
        `Deno ${Deno.version.deno}`,
        Deno.build.target,
      ];
      io.out(`bitcoin-controller ${VERSION} (${parts.join(", ")})\n`);
    });
}
