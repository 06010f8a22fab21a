/** Permissions that a command can do without, given up before it meets anybody. */

/** What may be given up: to write files, to run programs. */
export type Permission = "write" | "run";

/**
 * Gives up a permission of this process. There is no way back: with `--no-prompt`, as the program is compiled, nobody
 * is asked.
 */
export function giveUp(name: Permission): void {
  Deno.permissions.revokeSync({ name });
}
