/** `$(NAME)` in commands, arguments and environment values, as Kubernetes expands it. */

/**
 * Puts in the values of `$(NAME)`. A name without a value stays as it is written, and `$$` is a dollar sign that starts
 * no reference (kubernetes `third_party/forked/golang/expansion/expand.go`).
 *
 * @example Usage
 * ```ts
 * import { expand } from "./expansion.ts";
 *
 * expand("$(A) $(B) $$(A)", { A: "1" }); // "1 $(B) $(A)"
 * ```
 */
export function expand(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\$|\$\(([^)]*)\)/g,
    (reference, name: string | undefined) => {
      if (name === undefined) return "$";
      return Object.hasOwn(values, name) ? values[name] ?? reference : reference;
    },
  );
}
