/** Whether services are right, and what of them may change: `pkg/apis/core/v1/validation` of Kubernetes. */

import type { FieldError } from "./errors.ts";
import {
  childPath,
  duplicate,
  forbidden,
  invalid,
  keyPath,
  notSupported,
  required,
} from "./field_error.ts";
import { hasFormat } from "./formats.ts";
import { asArray, asObject, asString, type Json, type JsonObject, valueAt } from "./json.ts";
import { labelNameProblems, portNameProblems, subdomainProblems } from "./names.ts";
import { PROTOCOLS, validatePort } from "./validate_container.ts";
import { textErrors, validateLabels } from "./validate_metadata.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];

/** What is wrong with a new service, beyond its metadata. */
export function validateService(service: JsonObject): readonly FieldError[] {
  const spec = asObject(service.spec);
  const { type, clusterIP, sessionAffinity } = spec;
  const ports = asArray(spec.ports);
  const isExternalName = type === "ExternalName";
  const needsPorts = !isExternalName && clusterIP !== "None";
  return [
    ...(needsPorts && ports.length === 0 ? [required("spec.ports")] : []),
    ...(isExternalName ? validateExternalName(spec) : []),
    ...validatePorts(ports, spec),
    ...validateLabels(spec.selector, "spec.selector"),
    ...supported(sessionAffinity, AFFINITIES, "spec.sessionAffinity"),
    ...supported(type, TYPES, "spec.type"),
    ...(isExternalName ? [] : validateAddresses(spec)),
  ];
}

function supported(
  value: Json | undefined,
  values: readonly string[],
  path: string,
): readonly FieldError[] {
  return values.includes(asString(value)) ? [] : [notSupported(path, value ?? "", values)];
}

function validateExternalName(spec: JsonObject): readonly FieldError[] {
  const name = asString(spec.externalName).replace(/\.$/, "");
  return name
    ? textErrors("spec.externalName", name, subdomainProblems)
    : [required("spec.externalName")];
}

function validateAddresses(spec: JsonObject): readonly FieldError[] {
  const addresses = asArray(spec.clusterIPs).length > 0
    ? asArray(spec.clusterIPs)
    : [spec.clusterIP ?? ""];
  return addresses.flatMap((address, index) => {
    const text = asString(address);
    if (text === "" || text === "None" || hasFormat(text, "ipv4") || hasFormat(text, "ipv6")) {
      return [];
    }
    const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    return [invalid(keyPath("spec.clusterIPs", index), text, detail)];
  });
}

function validatePorts(ports: readonly Json[], spec: JsonObject): readonly FieldError[] {
  const names: string[] = [];
  const numbers: string[] = [];
  return ports.flatMap((item, index) => {
    const port = asObject(item);
    const path = keyPath("spec.ports", index);
    const at = (name: string): string => childPath(path, name);
    const name = asString(port.name);
    const key = `${asString(port.protocol)} ${Number(port.port)}`;
    const errors = [
      ...(name ? textErrors(at("name"), name, labelNameProblems) : []),
      ...(!name && ports.length > 1 ? [required(at("name"))] : []),
      ...(name && names.includes(name) ? [duplicate(at("name"), name)] : []),
      ...validatePort(port.port, at("port")),
      ...supported(port.protocol, PROTOCOLS, at("protocol")),
      ...validateTarget(port.targetPort, at("targetPort")),
      ...(port.nodePort && (spec.type === "ClusterIP" || spec.type === "ExternalName")
        ? [forbidden(at("nodePort"), `may not be used when \`type\` is '${asString(spec.type)}'`)]
        : []),
      ...(numbers.includes(key) ? [duplicate(path, duplicatePort(port))] : []),
    ];
    names.push(name);
    numbers.push(key);
    return errors;
  });
}

/** The real server shows its internal form of a port, with the number and the protocol alone. */
function duplicatePort(port: JsonObject): JsonObject {
  return {
    Name: "",
    Protocol: port.protocol ?? "",
    AppProtocol: null,
    Port: port.port ?? 0,
    TargetPort: 0,
    NodePort: 0,
  };
}

function validateTarget(target: Json | undefined, path: string): readonly FieldError[] {
  if (typeof target === "string") return textErrors(path, target, portNameProblems);
  return validatePort(target, path);
}

/** What is wrong with a change of a service, beyond its metadata. */
export function validateServiceUpdate(
  service: JsonObject,
  old: JsonObject,
  subresource: string,
): readonly FieldError[] {
  const spec = asObject(service.spec);
  if (subresource === "status") return validateStatus(service, spec);
  const oldSpec = asObject(old.spec);
  const before = asArray(oldSpec.clusterIPs)[0];
  const after = asArray(spec.clusterIPs)[0];
  const mayChange = spec.type === "ExternalName" || oldSpec.type === "ExternalName" ||
    before === undefined;
  if (mayChange || before === after) return validateService(service);
  const moved = invalid("spec.clusterIPs[0]", spec.clusterIPs ?? [], "may not change once set");
  return [moved, ...validateService(service)];
}

function validateStatus(service: JsonObject, spec: JsonObject): readonly FieldError[] {
  const ingress = asArray(valueAt(service, "status", "loadBalancer", "ingress"));
  if (ingress.length === 0 || spec.type === "LoadBalancer") return [];
  return [
    forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'"),
  ];
}
