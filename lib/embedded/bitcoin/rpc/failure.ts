/** A call that the fake refuses. */

/** Becomes the `error` of the response. */
export class RpcFailure extends Error {
  /** Name of the class, for logs. */
  override readonly name = "RpcFailure";
  /** Code, as lib/rpc names them. */
  readonly code: number;

  /** The message is sent as it is. */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
