/** Informers as parts of a manager. */

import type { Informer, KubeObject } from "../../kube/mod.ts";
import type { Runnable } from "../../reconcile/mod.ts";

/** Runs an informer; it is ready once its store holds a full list. */
export function informerRunnable<T extends KubeObject>(informer: Informer<T>): Runnable {
  return {
    name: "informer",
    run: (signal) => informer.run(signal),
    ready: (signal) => informer.synced(signal),
  };
}
