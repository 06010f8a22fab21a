/** Pods as a real API server has them, as many as are wanted. */

import type { Pod } from "kubernetes-types/core/v1.d.ts";

import type { Stored } from "../lib/kube/mod.ts";

/** A function that makes the pod of a number, from one that was captured. */
export async function samplePod(): Promise<(number: number) => Stored<Pod>> {
  const text = await Deno.readTextFile(
    new URL("../tests/fixtures/kubernetes-api.json", import.meta.url),
  );
  const { exchanges }: { exchanges: { name: string; response: { body: Stored<Pod> } }[] } = JSON
    .parse(text);
  const sample = exchanges.find(({ name }) => name === "pod made by the StatefulSet");
  if (!sample) throw new Error("Cannot find the sample pod in tests/fixtures/kubernetes-api.json");
  return (number) => {
    const pod = structuredClone(sample.response.body);
    pod.metadata.name = `pod-${number}`;
    pod.metadata.uid = `uid-${number}`;
    pod.metadata.resourceVersion = `${number + 1}`;
    return pod;
  };
}
