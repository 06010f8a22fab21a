/** Checks results where they arrive, so that nothing behind that has to. */

import type * as Type from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { RpcTransportError } from "./errors.ts";

/** A function that returns a result of `method` as its type, or says which field is not as expected. */
export function reader<S extends Type.TSchema>(
  method: string,
  shape: S,
): (result: unknown) => Type.Static<S> {
  // A check that is worked out from the shape each time takes longer than all else that a poll does.
  let validator: Validator<Record<never, never>, S> | undefined;
  return (result) => {
    validator ??= Compile(shape);
    if (validator.Check(result)) return result;
    const [first] = validator.Errors(result);
    const where = first?.instancePath ? ` at '${first.instancePath}'` : "";
    throw new RpcTransportError(
      "malformed",
      `Cannot read the result of ${method}${where}: it ${first?.message ?? "is not as expected"}`,
    );
  };
}
