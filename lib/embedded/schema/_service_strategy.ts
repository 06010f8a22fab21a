/** What the registry does to services; their addresses are allocated elsewhere. */

import { asArray, asObject, isObject, type Json, type JsonObject, sameJson } from "./json.ts";

/** Fields that the server fills in when a client leaves them out. */
const ADDRESS_FIELDS = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

/**
 * A new service has one IPv4 address; a headless one has none, and says so twice. Whoever makes a headless service without a
 * selector lists its addresses elsewhere, and they may be of both families.
 */
export function createService(service: JsonObject): JsonObject {
  const spec = asObject(service.spec);
  if (spec.type === "ExternalName") return service;
  const isOpen = spec.clusterIP === "None" && spec.selector === undefined;
  const families = isOpen
    ? { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" }
    : { ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
  const clusterIPs = spec.clusterIP && spec.clusterIPs === undefined
    ? { clusterIPs: [spec.clusterIP] }
    : {};
  return { ...service, spec: { ...families, ...clusterIPs, ...spec } };
}

/** Whoever replaces a service without naming its addresses and node ports keeps them, unless its new type has none. */
export function updateService(service: JsonObject, old: JsonObject): JsonObject {
  const spec = asObject(service.spec);
  const oldSpec = asObject(old.spec);
  if (oldSpec.type === "ExternalName") return createService(service);
  if (spec.type === "ExternalName") return withoutAddresses(service, spec, oldSpec);
  const kept = ADDRESS_FIELDS.filter((name) =>
    spec[name] === undefined && oldSpec[name] !== undefined
  )
    .map((name) => [name, oldSpec[name]]);
  const ports = spec.type === "ClusterIP"
    ? asArray(spec.ports).map((port) => withoutNodePort(port, oldSpec))
    : asArray(spec.ports).map((port) => withNodePort(port, oldSpec));
  return {
    ...service,
    spec: {
      ...spec,
      ...Object.fromEntries(kept),
      ...movedAddress(spec, oldSpec),
      ...(spec.ports === undefined ? {} : { ports }),
    },
  };
}

/** An address that is changed in one of its two places is changed in both; validation sees what is wrong with that. */
function movedAddress(spec: JsonObject, oldSpec: JsonObject): JsonObject {
  const isMoved = spec.clusterIP !== undefined && spec.clusterIP !== oldSpec.clusterIP;
  return isMoved && sameJson(spec.clusterIPs, oldSpec.clusterIPs)
    ? { clusterIPs: [spec.clusterIP ?? null] }
    : {};
}

function withoutAddresses(service: JsonObject, spec: JsonObject, oldSpec: JsonObject): JsonObject {
  const isAllocated = (name: string): boolean =>
    ADDRESS_FIELDS.includes(name) && (name !== "clusterIP" || spec[name] === oldSpec[name]);
  const rest = Object.entries(spec).filter(([name]) => !isAllocated(name));
  return { ...service, spec: Object.fromEntries(rest) };
}

function oldPortOf(port: JsonObject, oldSpec: JsonObject): JsonObject | undefined {
  return asArray(oldSpec.ports).filter(isObject)
    .find((old) => old.port === port.port && old.protocol === port.protocol);
}

function withNodePort(port: Json, oldSpec: JsonObject): Json {
  if (!isObject(port) || port.nodePort !== undefined) return port;
  const nodePort = oldPortOf(port, oldSpec)?.nodePort;
  return nodePort === undefined ? port : { ...port, nodePort };
}

function withoutNodePort(port: Json, oldSpec: JsonObject): Json {
  if (!isObject(port) || port.nodePort !== oldPortOf(port, oldSpec)?.nodePort) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}
