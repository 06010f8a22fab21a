/** What is used of undici, loaded on demand. By its names: of a CommonJS package, `import()` finds only `default` in a bundle. */

export { Pool } from "undici";
