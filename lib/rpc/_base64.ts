/** Base64 of any text, which `btoa` alone does only for Latin-1. */

/** Encodes the UTF-8 bytes of `text`. */
export function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
