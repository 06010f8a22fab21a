/** Whether containers are right, as far as it protects those who write pods: `pkg/apis/core/v1/validation` of Kubernetes. */

import type { FieldError } from "./errors.ts";
import {
  childPath,
  duplicate,
  forbidden,
  invalid,
  keyPath,
  notFound,
  notSupported,
  required,
} from "./field_error.ts";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  member,
} from "./json.ts";
import {
  environmentNameProblems,
  labelNameProblems,
  portNameProblems,
  rangeMessage,
} from "./names.ts";
import { quantityNanos } from "./quantity.ts";
import { textErrors } from "./validate_metadata.ts";

/** Highest number of a port. */
const MAX_PORT = 65_535;
/** Protocols that ports can have. */
export const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];

const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const PROBE_NUMBERS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];
const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

/** What is wrong with a list of containers, given the names of the pod's volumes. */
export function validateContainers(
  containers: Json | undefined,
  volumes: readonly string[],
  path: string,
): readonly FieldError[] {
  const names: string[] = [];
  return asArray(containers).flatMap((item, index) => {
    const container = asObject(item);
    const itemPath = keyPath(path, index);
    const name = asString(container.name);
    const repeated = names.includes(name) ? [duplicate(childPath(itemPath, "name"), name)] : [];
    names.push(name);
    return [...validateContainer(container, volumes, itemPath), ...repeated];
  });
}

function validateContainer(
  container: JsonObject,
  volumes: readonly string[],
  path: string,
): readonly FieldError[] {
  const at = (name: string): string => childPath(path, name);
  const { imagePullPolicy, terminationMessagePolicy } = container;
  return [
    ...requiredText(container.name, at("name"), labelNameProblems),
    ...(asString(container.image) ? [] : [required(at("image"))]),
    ...oneOf(terminationMessagePolicy, MESSAGE_POLICIES, at("terminationMessagePolicy")),
    ...validatePorts(container.ports, at("ports")),
    ...validateEnvironment(container.env, at("env")),
    ...validateMounts(container.volumeMounts, volumes, at("volumeMounts")),
    ...oneOf(imagePullPolicy, PULL_POLICIES, at("imagePullPolicy")),
    ...validateResources(asObject(container.resources), at("resources")),
    ...PROBES.flatMap((name) => validateProbe(container[name], at(name))),
  ];
}

/** Requires a text and checks it. */
export function requiredText(
  value: Json | undefined,
  path: string,
  rule: (text: string) => readonly string[],
): readonly FieldError[] {
  const text = asString(value);
  return text ? textErrors(path, text, rule) : [required(path)];
}

/** Requires one of some texts. */
export function oneOf(
  value: Json | undefined,
  supported: readonly string[],
  path: string,
): readonly FieldError[] {
  const text = asString(value);
  if (!text) return [required(path)];
  return supported.includes(text) ? [] : [notSupported(path, text, supported)];
}

/** Requires a number of a port. */
export function validatePort(value: Json | undefined, path: string): readonly FieldError[] {
  const isPort = typeof value === "number" && value >= 1 && value <= MAX_PORT;
  return isPort ? [] : [invalid(path, value ?? 0, rangeMessage(1, MAX_PORT))];
}

function validatePorts(ports: Json | undefined, path: string): readonly FieldError[] {
  const names: string[] = [];
  return asArray(ports).flatMap((item, index) => {
    const port = asObject(item);
    const at = (name: string): string => childPath(keyPath(path, index), name);
    const name = asString(port.name);
    const ofName = name ? textErrors(at("name"), name, portNameProblems) : [];
    const repeated = name && names.includes(name) ? [duplicate(at("name"), name)] : [];
    names.push(name);
    return [
      ...(ofName.length > 0 ? ofName : repeated),
      ...(port.containerPort
        ? validatePort(port.containerPort, at("containerPort"))
        : [required(at("containerPort"))]),
      ...(port.hostPort ? validatePort(port.hostPort, at("hostPort")) : []),
      ...oneOf(port.protocol, PROTOCOLS, at("protocol")),
    ];
  });
}

function validateEnvironment(variables: Json | undefined, path: string): readonly FieldError[] {
  return asArray(variables).flatMap((item, index) => {
    const variable = asObject(item);
    const itemPath = keyPath(path, index);
    const from = childPath(itemPath, "valueFrom");
    const hasBoth = isObject(variable.valueFrom) && asString(variable.value) !== "";
    return [
      ...requiredText(variable.name, childPath(itemPath, "name"), environmentNameProblems),
      ...(hasBoth ? [invalid(from, "", "may not be specified when `value` is not empty")] : []),
    ];
  });
}

function validateMounts(
  mounts: Json | undefined,
  volumes: readonly string[],
  path: string,
): readonly FieldError[] {
  const paths: string[] = [];
  return asArray(mounts).flatMap((item, index) => {
    const mount = asObject(item);
    const at = (name: string): string => childPath(keyPath(path, index), name);
    const name = asString(mount.name);
    const mountPath = asString(mount.mountPath);
    const repeated = paths.includes(mountPath)
      ? [invalid(at("mountPath"), mountPath, "must be unique")]
      : [];
    paths.push(mountPath);
    return [
      ...(name ? [] : [required(at("name"))]),
      ...(volumes.includes(name) ? [] : [notFound(at("name"), name)]),
      ...(mountPath ? [] : [required(at("mountPath"))]),
      ...repeated,
    ];
  });
}

function validateResources(resources: JsonObject, path: string): readonly FieldError[] {
  const limits = asObject(resources.limits);
  return Object.entries(asObject(resources.requests)).flatMap(([name, request]) => {
    const limit = member(limits, name);
    const requested = quantityNanos(asString(request)) ?? 0n;
    if (limit === undefined || requested <= (quantityNanos(asString(limit)) ?? 0n)) return [];
    const detail = `must be less than or equal to ${name} limit of ${asString(limit)}`;
    return [invalid(childPath(path, "requests"), asString(request), detail)];
  });
}

function validateProbe(probe: Json | undefined, path: string): readonly FieldError[] {
  if (!isObject(probe)) return [];
  const [first, ...others] = HANDLERS.filter((name) => probe[name] !== undefined);
  return [
    ...(first ? [] : [required(path, "must specify a handler type")]),
    ...others.map((name) =>
      forbidden(childPath(path, name), "may not specify more than 1 handler type")
    ),
    ...(first === "exec" && asArray(asObject(probe.exec).command).length === 0
      ? [required(childPath(path, "exec.command"))]
      : []),
    ...PROBE_NUMBERS.flatMap((name) => notNegative(probe[name], childPath(path, name))),
  ];
}

/** Refuses a number below zero. */
export function notNegative(value: Json | undefined, path: string): readonly FieldError[] {
  if (typeof value !== "number" || value >= 0) return [];
  return [invalid(path, value, "must be greater than or equal to 0")];
}
