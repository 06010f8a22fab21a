/** How V8 keeps its heap in what ships. */

/**
 * By default V8 lets garbage grow to several times what is in use, for speed that the controller does not need: it waits
 * for the network. With these flags the heap of the controller of 1,000 networks stays near what is in use, and is not
 * gone through all the time either, as with `--optimize-for-size` (`deno task bench settled`).
 */
export const V8_FLAGS = "--max-semi-space-size=4,--heap-growing-percent=15";
