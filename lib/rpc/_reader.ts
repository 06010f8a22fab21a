/** Checks results where they arrive, so that nothing behind that has to. */

import type Type from "typebox";
import Value from "typebox/value";
import { RpcTransportError } from "./errors.ts";

/** A function that returns a result of `method` as its type, or says which field is not as expected. */
export function reader<S extends Type.TSchema>(
  method: string,
  shape: S,
): (result: unknown) => Type.Static<S> {
  return (result) => {
    if (Value.Check(shape, result)) return result;
    const [first] = Value.Errors(shape, result);
    const where = first?.instancePath ? ` at '${first.instancePath}'` : "";
    throw new RpcTransportError(
      "malformed",
      `Cannot read the result of ${method}${where}: it ${first?.message ?? "is not as expected"}`,
    );
  };
}
