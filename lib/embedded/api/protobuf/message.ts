/** Protobuf messages as JSON, by tables of their fields. What Go leaves out of JSON when it is empty is left out. */

import { Buffer } from "node:buffer";

import type { Json, JsonObject } from "../json.ts";
import { readFields, type WireValue } from "./wire.ts";

/** One field of a message, and how it is put into the object. */
export interface Field {
  /** Number in the message. */
  readonly number: number;
  /** The object with the field's value in it. */
  readonly read: (object: JsonObject, value: WireValue) => JsonObject;
}

/** The fields of a message. */
export type Message = readonly Field[];

/** Reads a message; fields that the table does not have are left out. */
export function readMessage(message: Message, bytes: Uint8Array): JsonObject {
  return readFields(bytes).reduce<JsonObject>((object, { number, value }) => {
    const field = message.find((known) => known.number === number);
    return field ? field.read(object, value) : object;
  }, {});
}

/** A text. */
export function text(number: number, name: string): Field {
  return scalar(number, name, (value) => textOf(value) || undefined);
}

/** A list of texts. */
export function texts(number: number, name: string): Field {
  return item(number, name, textOf);
}

/** A flag; one that is down is left out. */
export function flag(number: number, name: string): Field {
  return scalar(number, name, (value) => Number(value) !== 0 || undefined);
}

/** A whole number; zero is left out. */
export function integer(number: number, name: string): Field {
  return scalar(number, name, (value) => Number(value) || undefined);
}

/** A whole number of which zero says something. */
export function anyInteger(number: number, name: string): Field {
  return scalar(number, name, Number);
}

/** A message. */
export function one(number: number, name: string, message: Message): Field {
  return scalar(number, name, (value) => readMessage(message, bytesOf(value)));
}

/** A list of messages. */
export function many(number: number, name: string, message: Message): Field {
  return item(number, name, (value) => readMessage(message, bytesOf(value)));
}

/** A map from texts to texts. */
export function textMap(number: number, name: string): Field {
  return entry(number, name, textOf);
}

/** A map from texts to bytes, which JSON holds in base64. */
export function bytesMap(number: number, name: string): Field {
  return entry(number, name, (value) => Buffer.from(bytesOf(value)).toString("base64"));
}

/** A number or a text, such as a target port. */
export function integerOrText(number: number, name: string): Field {
  return scalar(number, name, (value) => {
    const { type, intVal, strVal } = readMessage(INTEGER_OR_TEXT, bytesOf(value));
    return type === 1 ? strVal : intVal;
  });
}

const INTEGER_OR_TEXT: Message = [integer(1, "type"), integer(2, "intVal"), text(3, "strVal")];

function scalar(
  number: number,
  name: string,
  convert: (value: WireValue) => Json | undefined,
): Field {
  return {
    number,
    read: (object, value) => {
      const converted = convert(value);
      return converted === undefined ? object : { ...object, [name]: converted };
    },
  };
}

function item(number: number, name: string, convert: (value: WireValue) => Json): Field {
  return {
    number,
    read: (object, value) => {
      const before = object[name];
      return { ...object, [name]: [...(Array.isArray(before) ? before : []), convert(value)] };
    },
  };
}

function entry(number: number, name: string, convert: (value: WireValue) => Json): Field {
  return {
    number,
    read: (object, value) => {
      const parts = readFields(bytesOf(value));
      const key = parts.find((part) => part.number === 1)?.value ?? new Uint8Array();
      const content = parts.find((part) => part.number === 2)?.value ?? new Uint8Array();
      const before = object[name];
      return {
        ...object,
        [name]: { ...(typeof before === "object" ? before : {}), [textOf(key)]: convert(content) },
      };
    },
  };
}

function textOf(value: WireValue): string {
  return new TextDecoder().decode(bytesOf(value));
}

function bytesOf(value: WireValue): Uint8Array {
  return typeof value === "bigint" ? new Uint8Array() : value;
}
