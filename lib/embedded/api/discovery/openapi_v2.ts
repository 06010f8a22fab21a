/**
 * `/openapi/v2`, with nothing in it. kubectl reads it only to check the items of a `List` itself, and leaves those to the
 * server that it does not find there; without the document it refuses the list.
 */

import type { JsonObject } from "../json.ts";
import { parseMediaTypes } from "../negotiation.ts";

/** Media type of the document as a protocol buffer; older clients write an `@` for the first dot of the version. */
const PROTOBUF = /^application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf$/;
const PROTOBUF_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

const TITLE = "Kubernetes";

/** An answer to a request for the document. */
export interface OpenApiV2Answer {
  /** The document. */
  readonly body: string | JsonObject;
  /** Its media type. */
  readonly contentType: string;
}

/** The document, in the form that the client accepts first. `version` is that of the server. */
export function openApiV2(accept: string | null, version: string): OpenApiV2Answer {
  const isProtobuf = parseMediaTypes(accept).some(({ type }) => PROTOBUF.test(type));
  if (isProtobuf) return { body: protobuf(version), contentType: PROTOBUF_TYPE };
  const info = { title: TITLE, version };
  return {
    body: { swagger: "2.0", info, paths: {}, definitions: {} },
    contentType: "application/json",
  };
}

/** `Document {swagger = 1, info = 2 {title = 1, version = 2}}` of `github.com/google/gnostic-models/openapiv2`. */
function protobuf(version: string): string {
  return field(1, "2.0") + field(2, field(1, TITLE) + field(2, version));
}

/** A field with a text of less than 128 ASCII characters: then the bytes of the message are text as well. */
function field(number: number, text: string): string {
  return String.fromCharCode(number << 3 | 2, text.length) + text;
}
