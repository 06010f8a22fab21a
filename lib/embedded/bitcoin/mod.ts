/**
 * A bitcoind in this process, so that nothing has to be installed. Enter at {@linkcode FakeBitcoinRuntime}.
 *
 * It answers as a real one does, in the same shapes and with the same limits, as far as a controller of nodes can see:
 * `tests/embedded/bitcoin/contract_test.ts` holds both to the same cases. It has blocks without transactions, and no
 * wallets.
 *
 * @module
 */

export * from "./fake_bitcoin_runtime.ts";
