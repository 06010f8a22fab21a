/** Runs a credential plugin as a child process. Only here is the permission to run programs needed. */

import { onAbort } from "../time/mod.ts";
import type { PluginCommand, PluginOutcome } from "./exec_credentials.ts";

/**
 * Runs the command to its end. One that may ask a person gets our standard input and error; else its standard error is
 * kept. The child is killed when the signal is aborted: a plugin that hangs may not listen to anything milder.
 *
 * @throws {Deno.errors.NotFound} if there is no such command
 * @throws the signal's reason when it is aborted
 */
export async function runPlugin(
  { command, args, env, interactive }: PluginCommand,
  signal: AbortSignal,
): Promise<PluginOutcome> {
  signal.throwIfAborted();
  const child = new Deno.Command(command, {
    args: [...args],
    env: { ...env },
    stdin: interactive ? "inherit" : "null",
    stdout: "piped",
    stderr: interactive ? "inherit" : "piped",
  }).spawn();
  using _ = onAbort(signal, () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  });
  const [stdout, stderr, { code }] = await Promise.all([
    textOf(child.stdout, signal),
    interactive ? "" : textOf(child.stderr, signal),
    child.status,
  ]);
  signal.throwIfAborted();
  return { code, stdout, stderr };
}

/** What comes until the end or the abort: a grandchild may keep the pipe open when the child is dead. */
async function textOf(stream: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<string> {
  const reader = stream.getReader();
  using _ = onAbort(signal, () => void reader.cancel().catch(() => {}));
  const decoder = new TextDecoder();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
