/** A node's blocks on disk, so that they outlive its container as those of a real one do. */

import { type Block, blockOf, GENESIS } from "./block.ts";

/** Name of the file in the data folder. Each line is a block; a block never comes before its parent. */
const FILE_NAME = "fakechain.jsonl";

/** Reads the blocks of a data folder and adds to them. */
export class ChainFile {
  readonly #path: string;
  #unwritten: Block[] = [];
  #writing: Promise<void> | undefined;

  /** Opens nothing yet. */
  constructor(folder: string) {
    this.#path = `${folder}/${FILE_NAME}`;
  }

  /**
   * The blocks, in the order in which they came. What follows a line that cannot be read, because the process was
   * killed while it wrote, is removed.
   */
  async load(): Promise<Block[]> {
    const text = await readIfThere(this.#path);
    const lines = text.split("\n");
    const blocks = parseBlocks(lines);
    const readable = textOf(blocks);
    if (text !== readable) await Deno.writeTextFile(this.#path, readable);
    return blocks;
  }

  /** Adds blocks, in the background and in order; those of one call of the RPC in one or two writes. */
  append(blocks: readonly Block[]): void {
    if (blocks.length === 0) return;
    this.#unwritten.push(...blocks);
    this.#writing ??= this.#write();
    // Whoever closes the file is told.
    this.#writing.catch(() => {});
  }

  /**
   * Waits until all is written.
   *
   * @throws the error of the write that failed; nothing that came after it is written
   */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#unwritten.length > 0) {
      await Deno.writeTextFile(this.#path, textOf(this.#unwritten.splice(0)), { append: true });
    }
    this.#writing = undefined;
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function textOf(blocks: readonly Block[]): string {
  return blocks
    .map(({ hash, parent, time, nonce }) =>
      `${JSON.stringify([hash, parent?.hash, time, nonce])}\n`
    )
    .join("");
}

function parseBlocks(lines: readonly string[]): Block[] {
  const known = new Map<unknown, Block>([[GENESIS.hash, GENESIS]]);
  const blocks: Block[] = [];
  for (const line of lines) {
    const block = parseBlock(line, known);
    if (!block) break;
    known.set(block.hash, block);
    blocks.push(block);
  }
  return blocks;
}

function parseBlock(line: string, known: ReadonlyMap<unknown, Block>): Block | undefined {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined; // The rest of it was never written.
  }
  if (!Array.isArray(record)) return undefined;
  const [hash, parentHash, time, nonce] = record;
  const parent = known.get(parentHash);
  if (!parent || typeof time !== "number" || typeof nonce !== "number") return undefined;
  const block = blockOf(parent, time, nonce);
  return block.hash === hash ? block : undefined;
}
