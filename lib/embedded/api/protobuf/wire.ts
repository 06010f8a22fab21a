/** Reads the wire format of protocol buffers: fields by number, each a whole number or a run of bytes. */

/** What stands behind a field: a whole number, or bytes that are a text, a message or just bytes. */
export type WireValue = bigint | Uint8Array;

/** One field. */
export interface WireField {
  /** Its number in the message. */
  readonly number: number;
  /** Its value. */
  readonly value: WireValue;
}

/**
 * The fields of a message, in their order.
 *
 * @throws {SyntaxError} if the bytes are no message
 */
export function readFields(bytes: Uint8Array): readonly WireField[] {
  const reader = new Reader(bytes);
  const fields: WireField[] = [];
  while (!reader.atEnd) {
    const tag = Number(reader.varint());
    fields.push({ number: tag >>> 3, value: reader.value(tag & 7) });
  }
  return fields;
}

class Reader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** Seven bits in each byte, the lowest first; the eighth bit says that there are more. */
  varint(): bigint {
    let result = 0n;
    for (let shift = 0n;; shift += 7n) {
      const [byte = 0] = this.#take(1);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
  }

  value(wireType: number): WireValue {
    switch (wireType) {
      case 0:
        return this.varint();
      case 1:
        return this.#take(8);
      case 2:
        return this.#take(Number(this.varint()));
      case 5:
        return this.#take(4);
      default:
        throw new SyntaxError(`Cannot read a protobuf field: its wire type is ${wireType}`);
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) {
      throw new SyntaxError("Cannot read a protobuf field: it is cut off");
    }
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }
}
