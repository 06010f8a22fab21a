/** How V8 keeps its heap in what ships. */

/**
 * By default V8 lets garbage grow to several times what is in use, for speed that the controller does not need: it waits
 * for the network. With these flags the controller of 1,000 networks takes less than half of the memory
 * (`deno task bench settled`).
 */
export const V8_FLAGS = "--max-semi-space-size=4,--optimize-for-size";
