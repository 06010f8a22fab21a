/** In which form a client wants its answer: the objects, a Table, or their metadata alone. */

import { notAcceptable } from "./status.ts";

/** The forms of objects and lists in answers. */
export type Form = "Object" | "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";

const FORMS: readonly Form[] = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];

/** One media type of an `Accept` header. */
export interface MediaType {
  /** Such as `application/json`. */
  readonly type: string;
  /** Parameters such as `as`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The media types of a header, in order; weights are not looked at, as clients of Kubernetes send none. */
export function parseMediaTypes(header: string | null): readonly MediaType[] {
  return (header ?? "").split(",").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [type = "", ...rest] = part.split(";").map((piece) => piece.trim());
    const parameters = rest.map((piece) => {
      const [name = "", value = ""] = piece.split("=");
      return [name, value];
    });
    return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) };
  });
}

/**
 * The first form that the client accepts and the server has.
 *
 * @param possible the forms besides the object itself that the answer can take
 * @throws {StatusError} 406 if there is none
 */
export function negotiate(accept: string | null, possible: readonly Form[]): Form {
  const wanted = parseMediaTypes(accept);
  if (wanted.length === 0) return "Object";
  for (const { type, parameters } of wanted) {
    if (type !== "application/json" && type !== "*/*" && type !== "application/*") continue;
    const { as } = parameters;
    if (as === undefined) return "Object";
    const form = FORMS.find((known) => known === as);
    if (
      form && possible.includes(form) && parameters.g === "meta.k8s.io" && parameters.v === "v1"
    ) return form;
  }
  throw notAcceptable();
}
