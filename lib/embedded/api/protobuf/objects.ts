/** The objects that kubectl sends as protobuf (`create`, `auth`, `drain`), by the tables in Kubernetes' `generated.proto` files. */

import type { JsonObject } from "../json.ts";
import {
  anyInteger,
  bytesMap,
  flag,
  integer,
  integerOrText,
  many,
  type Message,
  one,
  readMessage,
  text,
  textMap,
  texts,
} from "./message.ts";
import { readFields } from "./wire.ts";

/** First bytes of every protobuf body (`k8s.io/apimachinery/pkg/runtime/serializer/protobuf`). */
const MAGIC = [0x6b, 0x38, 0x73, 0x00];

const METADATA = one(1, "metadata", [
  text(1, "name"),
  text(2, "generateName"),
  text(3, "namespace"),
  text(5, "uid"),
  text(6, "resourceVersion"),
  textMap(11, "labels"),
  textMap(12, "annotations"),
  many(13, "ownerReferences", [
    text(1, "kind"),
    text(3, "name"),
    text(4, "uid"),
    text(5, "apiVersion"),
    flag(6, "controller"),
    flag(7, "blockOwnerDeletion"),
  ]),
  texts(14, "finalizers"),
]);

const SERVICE_PORT: Message = [
  text(1, "name"),
  text(2, "protocol"),
  integer(3, "port"),
  integerOrText(4, "targetPort"),
  integer(5, "nodePort"),
  text(6, "appProtocol"),
];

const SERVICE_SPEC: Message = [
  many(1, "ports", SERVICE_PORT),
  textMap(2, "selector"),
  text(3, "clusterIP"),
  text(4, "type"),
  texts(5, "externalIPs"),
  text(7, "sessionAffinity"),
  text(8, "loadBalancerIP"),
  text(10, "externalName"),
  text(11, "externalTrafficPolicy"),
  flag(13, "publishNotReadyAddresses"),
  text(17, "ipFamilyPolicy"),
  texts(18, "clusterIPs"),
  texts(19, "ipFamilies"),
  text(22, "internalTrafficPolicy"),
];

const RESOURCE_ATTRIBUTES: Message = [
  text(1, "namespace"),
  text(2, "verb"),
  text(3, "group"),
  text(4, "version"),
  text(5, "resource"),
  text(6, "subresource"),
  text(7, "name"),
];

const DELETE_OPTIONS: Message = [
  anyInteger(1, "gracePeriodSeconds"),
  one(2, "preconditions", [text(1, "uid"), text(2, "resourceVersion")]),
  flag(3, "orphanDependents"),
  text(4, "propagationPolicy"),
  texts(5, "dryRun"),
];

/** The kinds that are understood. */
const KINDS: Readonly<Record<string, Message>> = {
  ConfigMap: [METADATA, textMap(2, "data"), bytesMap(3, "binaryData"), flag(4, "immutable")],
  DeleteOptions: DELETE_OPTIONS,
  Eviction: [METADATA, one(2, "deleteOptions", DELETE_OPTIONS)],
  Namespace: [METADATA, one(2, "spec", [texts(1, "finalizers")])],
  Secret: [
    METADATA,
    bytesMap(2, "data"),
    text(3, "type"),
    textMap(4, "stringData"),
    flag(5, "immutable"),
  ],
  SelfSubjectAccessReview: [
    METADATA,
    one(2, "spec", [
      one(1, "resourceAttributes", RESOURCE_ATTRIBUTES),
      one(2, "nonResourceAttributes", [text(1, "path"), text(2, "verb")]),
    ]),
  ],
  SelfSubjectReview: [METADATA],
  SelfSubjectRulesReview: [METADATA, one(2, "spec", [text(1, "namespace")])],
  Service: [METADATA, one(2, "spec", SERVICE_SPEC)],
  ServiceAccount: [METADATA],
};

const TYPE: Message = [text(1, "apiVersion"), text(2, "kind")];

/**
 * The object in a protobuf body.
 *
 * @returns undefined for an object of a kind that is not understood
 * @throws {SyntaxError} if the bytes are no such object
 */
export function readProtobufObject(bytes: Uint8Array): JsonObject | undefined {
  if (!MAGIC.every((byte, index) => bytes[index] === byte)) {
    throw new SyntaxError(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  const fields = readFields(bytes.subarray(MAGIC.length));
  const part = (number: number): Uint8Array => {
    const value = fields.find((field) => field.number === number)?.value;
    return value instanceof Uint8Array ? value : new Uint8Array();
  };
  const { apiVersion = "", kind = "" } = readMessage(TYPE, part(1));
  const message = KINDS[String(kind)];
  return message && { apiVersion, kind, ...readMessage(message, part(2)) };
}
