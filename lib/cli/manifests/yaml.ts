/** Writes objects as a stream of YAML documents. */

import { stringify } from "yaml";
import type { KubeObject } from "../../kube/mod.ts";

/** The objects as YAML, one document each, below `comment` lines. */
export function yamlOf(objects: readonly KubeObject[], ...comment: readonly string[]): string {
  const head = comment.map((line) => `# ${line}\n`).join("");
  // kubectl reads YAML 1.1, to which a namespace called `on` is a boolean.
  const documents = objects.map((object) =>
    stringify(object, { version: "1.1", lineWidth: 100, aliasDuplicateObjects: false })
  );
  return head + documents.join("---\n");
}
