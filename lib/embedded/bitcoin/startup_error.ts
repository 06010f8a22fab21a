/** Why a bitcoind does not start. */

/** A bitcoind refuses to start; the message is what the real one prints after `Error: `. */
export class StartupError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "StartupError";
}
