/** bitcoin-cli, in the container of a fake bitcoind: it reaches that node, and needs no password, as with the cookie of a real one. */

import { RPC_PARSE_ERROR } from "../../rpc/mod.ts";
import type { ExecResult } from "../kubelet/runtime.ts";
import { readCommand } from "./command.ts";
import type { ContainerFiles } from "./container_files.ts";
import type { FakeBitcoind } from "./fake_bitcoind.ts";
import { RpcFailure } from "./rpc/failure.ts";
import { argumentsOfWords } from "./rpc/method.ts";
import { methodOf } from "./rpc/methods.ts";
import { StartupError } from "./startup_error.ts";

/** Runs bitcoin-cli with `args` in the container of `node`. */
export async function runCli(
  args: readonly string[],
  files: ContainerFiles,
  node: FakeBitcoind,
): Promise<ExecResult> {
  try {
    const { options, rest: [method, ...words] } = await readCommand("bitcoin-cli", args, files);
    options.requireRegtest();
    if (method === undefined) return failed("error: too few parameters (need at least command)");
    return succeeded(await node.call(method, argumentsOfWords(methodOf(method), words)));
  } catch (error) {
    if (error instanceof StartupError) return failed(error.message);
    if (error instanceof RpcFailure) return refused(error);
    throw error;
  }
}

function succeeded(result: unknown): ExecResult {
  if (result === null) return { exitCode: 0, output: "" };
  const text = typeof result === "string" ? result : JSON.stringify(result, undefined, 2);
  return { exitCode: 0, output: `${text}\n` };
}

function failed(text: string): ExecResult {
  return { exitCode: 1, output: `${text}\n` };
}

/** The exit status is the code without its sign, as far as that fits (src/bitcoin-cli.cpp). */
function refused({ code, message }: RpcFailure): ExecResult {
  if (code === RPC_PARSE_ERROR) return failed(`error: ${message}`);
  const output = `error code: ${code}\nerror message:\n${message}\n`;
  return { exitCode: Math.abs(code) & 0xff, output };
}
