import assert from "node:assert/strict";
import { ChainFile } from "../../../lib/embedded/bitcoin/chain_file.ts";
import { branch } from "./_blocks.ts";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "chain-file-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function hashesOf(blocks: readonly { readonly hash: string }[]): string[] {
  return blocks.map(({ hash }) => hash);
}

Deno.test("ChainFile.load() returns nothing of an empty folder", async () => {
  await withFolder(async (folder) => {
    assert.deepEqual(await new ChainFile(folder).load(), []);
  });
});

Deno.test("ChainFile.load() returns what was appended, in order, with its parents", async () => {
  await withFolder(async (folder) => {
    const blocks = [...branch(5, 1), ...branch(3, 2)];
    const file = new ChainFile(folder);
    for (const block of blocks) file.append([block]);
    file.append([]);
    await file.close();
    const loaded = await new ChainFile(folder).load();
    assert.deepEqual(loaded, blocks);
  });
});

Deno.test("ChainFile.append() writes what comes after a call with no blocks", async () => {
  await withFolder(async (folder) => {
    const blocks = branch(2, 1);
    const file = new ChainFile(folder);
    file.append([]);
    file.append(blocks);
    await file.close();
    assert.deepEqual(await new ChainFile(folder).load(), blocks);
  });
});

Deno.test("ChainFile.append() goes on behind what was loaded", async () => {
  await withFolder(async (folder) => {
    const [first, ...others] = branch(4, 1);
    if (!first) throw new Error("There is no block");
    for (const part of [[first], others]) {
      const file = new ChainFile(folder);
      await file.load();
      file.append(part);
      await file.close();
    }
    assert.equal((await new ChainFile(folder).load()).length, 4);
  });
});

Deno.test("ChainFile.load() drops a line that was cut off, and what follows it", async () => {
  await withFolder(async (folder) => {
    const blocks = branch(3, 1);
    const file = new ChainFile(folder);
    file.append(blocks);
    await file.close();
    const path = `${folder}/fakechain.jsonl`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.slice(0, -20));
    const reopened = new ChainFile(folder);
    assert.deepEqual(hashesOf(await reopened.load()), hashesOf(blocks.slice(0, 2)));
    reopened.append(blocks.slice(2));
    await reopened.close();
    assert.deepEqual(hashesOf(await new ChainFile(folder).load()), hashesOf(blocks));
  });
});

for (const line of ["[]", "{}", "null", '["aa","bb",1,2]']) {
  Deno.test(`ChainFile.load() does not take ${line} for a block`, async () => {
    await withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/fakechain.jsonl`, `${line}\n`);
      assert.deepEqual(await new ChainFile(folder).load(), []);
    });
  });
}

Deno.test("ChainFile.close() tells that a block could not be written", async () => {
  await withFolder(async (folder) => {
    const file = new ChainFile(`${folder}/missing`);
    file.append(branch(1, 1));
    file.append(branch(1, 2));
    await assert.rejects(file.close(), Deno.errors.NotFound);
  });
});
