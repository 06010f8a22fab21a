/** How V8 keeps its heap in what ships. */

/**
 * By default V8 lets garbage grow to several times what is in use, for speed that the controller does not need: it waits
 * for the network. With these flags the heap of the controller of 1,000 networks stays near what is in use, and is not
 * gone through all the time either, as with `--optimize-for-size`. Young objects are collected by one thread: to share so
 * little among several costs more than it saves. Measured by `deno task bench settled`: 3 % of a core and 143 MB, where
 * growth by 15 % and several threads made it 6.5 % and 133 MB, and twice the semi-space 3 % and 149 MB.
 */
export const V8_FLAGS = "--max-semi-space-size=4,--heap-growing-percent=40,--no-parallel-scavenge";
