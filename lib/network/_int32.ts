/** Numbers in the schema, as Kubernetes has them. */

import * as Type from "typebox";

/** A whole number of 32 bits. */
export function int32(description: string, options: Type.TNumberOptions = {}): Type.TInteger {
  return Type.Integer({ format: "int32", description, ...options });
}
