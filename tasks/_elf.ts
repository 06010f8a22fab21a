/**
 * Reads what an ELF program says about itself: its machine, its loader and the libraries that it needs (System V ABI,
 * chapters 4 and 5). Pure. Only 64-bit little-endian files, which are all that Deno compiles for Linux.
 */

/** What is read of a file. */
export interface ElfFile {
  /** `e_machine`: 62 is x86-64, 183 is AArch64. */
  readonly machine: number;
  /** The program that loads it, such as `/lib64/ld-linux-x86-64.so.2`; a library has none. */
  readonly interpreter: string | undefined;
  /** Names of the libraries that it is linked to itself, in their order. */
  readonly needed: readonly string[];
}

/** Kinds of segments (`p_type`). */
const SEGMENT = { load: 1, dynamic: 2, interpreter: 3 } as const;
/** Entries of the dynamic segment (`d_tag`). */
const TAG = { end: 0, needed: 1, strings: 5 } as const;
/** Bytes of an entry of the dynamic segment: a tag and a value. */
const ENTRY_BYTES = 16;

interface Segment {
  readonly type: number;
  readonly offset: number;
  /** Where it is in memory. */
  readonly address: number;
  readonly size: number;
}

/** What such a file begins with: its mark, 64 bits, little-endian. */
export const ELF_START: readonly number[] = [0x7f, 0x45, 0x4c, 0x46, 2, 1];

/** Whether it is a file that {@linkcode parseElf} reads. */
export function isElf(bytes: Uint8Array): boolean {
  return ELF_START.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads an ELF file.
 *
 * @throws {SyntaxError} if it is none, or one of another kind
 * @throws {RangeError} if it is cut off
 */
export function parseElf(bytes: Uint8Array): ElfFile {
  if (!isElf(bytes)) {
    throw new SyntaxError("Cannot read the program: it is no 64-bit little-endian ELF file");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = segmentsOf(view);
  const interpreter = segments.find(({ type }) => type === SEGMENT.interpreter);
  return {
    machine: view.getUint16(18, true),
    interpreter: interpreter && text(bytes, interpreter.offset),
    needed: neededOf(bytes, view, segments),
  };
}

function segmentsOf(view: DataView): readonly Segment[] {
  const start = number(view, 32);
  const size = view.getUint16(54, true);
  return Array.from({ length: view.getUint16(56, true) }, (_, index) => {
    const at = start + index * size;
    return {
      type: view.getUint32(at, true),
      offset: number(view, at + 8),
      address: number(view, at + 16),
      size: number(view, at + 32),
    };
  });
}

/** A program that is linked statically has no dynamic segment, and needs nothing. */
function neededOf(
  bytes: Uint8Array,
  view: DataView,
  segments: readonly Segment[],
): readonly string[] {
  const dynamic = segments.find(({ type }) => type === SEGMENT.dynamic);
  if (!dynamic) return [];
  const names: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += ENTRY_BYTES) {
    const tag = number(view, at);
    if (tag === TAG.end) break;
    if (tag === TAG.needed) names.push(number(view, at + 8));
    if (tag === TAG.strings) strings = offsetOf(segments, number(view, at + 8));
  }
  return names.map((name) => text(bytes, strings + name));
}

/** Where in the file an address in memory comes from. */
function offsetOf(segments: readonly Segment[], address: number): number {
  const segment = segments.find(({ type, address: start, size }) =>
    type === SEGMENT.load && address >= start && address < start + size
  );
  if (!segment) throw new RangeError(`Cannot read the ELF file: it has nothing at ${address}`);
  return segment.offset + address - segment.address;
}

/** 64 bits, of which files use fewer than a number has; the tags that are larger are none that are looked for. */
function number(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}

function text(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(0, start);
  if (end < 0) throw new RangeError("Cannot read the ELF file: it is cut off");
  return new TextDecoder().decode(bytes.subarray(start, end));
}
