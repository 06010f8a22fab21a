/** `version`: which program this is. */

import { Command } from "@commander-js/extra-typings";
import config from "../../deno.json" with { type: "json" };
import type { CommandIo } from "./io.ts";

/** Version of the program, from deno.json. */
export const VERSION: string = config.version;

/** Prints the program's version and what it runs on. */
export function versionCommand(io: CommandIo): Command {
  return new Command("version")
    .description("print the version of the program and of its runtime")
    .action(() => {
      io.out(`bitcoin-controller ${VERSION} (Deno ${Deno.version.deno}, ${Deno.build.target})\n`);
    });
}
