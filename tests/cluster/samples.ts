/** The samples in manifests/samples/. */

import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../../lib/kube/mod.ts";

/** One file of samples. */
export interface Sample {
  /** Path of the file. */
  readonly path: string;
  /** The objects in it. */
  readonly objects: readonly SampleObject[];
}

/** An object of a sample. */
export interface SampleObject extends KubeObject {
  /** What is wanted of it. */
  readonly spec?: object;
}

/** All samples, file by file, in the order of their names. */
export async function* sampleObjects(): AsyncGenerator<Sample> {
  const folder = new URL("../../manifests/samples/", import.meta.url);
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  for (const name of names.sort()) {
    const path = fileURLToPath(new URL(name, folder));
    const text = await Deno.readTextFile(path);
    const objects = parseAllDocuments(text).map((document): SampleObject => document.toJS());
    yield { path, objects };
  }
}
