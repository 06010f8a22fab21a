/** Whether events are right: `pkg/apis/core/validation/events.go` of Kubernetes. */

import type { FieldError } from "./errors.ts";
import { convertEvent } from "./event.ts";
import { invalid, required } from "./field_error.ts";
import {
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  sameJson,
  valueAt,
} from "./json.ts";
import { qualifiedNameProblems, subdomainProblems } from "./names.ts";
import { textErrors, validateMetadata, validateMetadataUpdate } from "./validate_metadata.ts";

/** Most characters of a note. */
const MAX_NOTE = 1024;
/** Most characters of the other texts of an event. */
const MAX_TEXT = 128;

/** Fields that never change when an event goes on in a series; by their names in core/v1 and in messages. */
const IMMUTABLE: readonly (readonly [field: string, name: string])[] = [
  ["involvedObject", "involvedObject"],
  ["reason", "reason"],
  ["message", "message"],
  ["source", "source"],
  ["firstTimestamp", "firstTimestamp"],
  ["lastTimestamp", "lastTimestamp"],
  ["count", "count"],
  ["type", "type"],
  ["eventTime", "eventTime"],
  ["action", "action"],
  ["related", "related"],
  ["reportingComponent", "reportingController"],
  ["reportingInstance", "reportingInstance"],
];

/** What is wrong with a new event. Those of core/v1 are checked less, and the words are always those of core/v1. */
export function validateEvent(event: JsonObject): readonly FieldError[] {
  const core = convertEvent(event, "v1");
  const metadata = asObject(core.metadata);
  if (event.apiVersion === "v1") return validateLegacy(core, "reportingComponent");
  const unset = ["firstTimestamp", "lastTimestamp", "count"].filter((name) => core[name]);
  const { component, host } = asObject(core.source);
  return [
    ...validateLegacy(core, "reportingController"),
    ...validateMetadata(metadata, subdomainProblems),
    ...validateSeries(core.series),
    ...(core.eventTime ? [] : [required("eventTime")]),
    ...validateType(core.type),
    ...unset.map((name) => invalid(name, "", "needs to be unset")),
    ...(component || host ? [invalid("source", "", "needs to be unset")] : []),
  ];
}

/** What is wrong with a change of an event. */
export function validateEventUpdate(event: JsonObject, old: JsonObject): readonly FieldError[] {
  const core = convertEvent(event, "v1");
  const oldCore = convertEvent(old, "v1");
  if (event.apiVersion === "v1") return validateLegacy(core, "reportingComponent");
  const changed = IMMUTABLE.filter(([field]) =>
    !sameJson(core[field] ?? null, oldCore[field] ?? null)
  );
  return [
    ...validateLegacy(core, "reportingController"),
    ...validateMetadataUpdate(asObject(core.metadata), asObject(oldCore.metadata)),
    ...(sameJson(core.series, oldCore.series) ? [] : validateSeries(core.series)),
    ...changed.map(([field, name]) => invalid(name, core[field] ?? "", "field is immutable")),
  ];
}

function validateType(type: Json | undefined): readonly FieldError[] {
  if (type === "Normal" || type === "Warning") return [];
  return [invalid("type", "", `has invalid value: ${asString(type)}`)];
}

function validateSeries(series: Json | undefined): readonly FieldError[] {
  if (!isObject(series)) return [];
  return [
    ...(Number(series.count ?? 0) < 2 ? [invalid("series.count", "", "should be at least 2")] : []),
    ...(series.lastObservedTime ? [] : [required("series.lastObservedTime")]),
  ];
}

function validateLegacy(core: JsonObject, controllerName: string): readonly FieldError[] {
  const namespace = asString(valueAt(core, "metadata", "namespace"));
  const about = asString(valueAt(core, "involvedObject", "namespace"));
  const ofNamespace = textErrors("namespace", namespace, subdomainProblems);
  const isNew = Boolean(core.eventTime);
  const mismatch = invalid("involvedObject.namespace", about, "does not match event.namespace");
  if (!isNew) {
    const fits = about === "" ? namespace === "" || namespace === "default" : about === namespace;
    return [...(fits ? [] : [mismatch]), ...ofNamespace];
  }
  const fits = about !== "" || namespace === "default" || namespace === "kube-system";
  const controller = asString(core.reportingComponent);
  return [
    ...(fits ? [] : [mismatch]),
    ...(controller ? [] : [required(controllerName)]),
    ...textErrors(controllerName, controller, qualifiedNameProblems),
    ...validateText(core.reportingInstance, "reportingInstance"),
    ...validateText(core.action, "action"),
    ...validateText(core.reason, "reason"),
    ...tooLongText(core.message, "message", MAX_NOTE),
    ...ofNamespace,
  ];
}

function validateText(value: Json | undefined, path: string): readonly FieldError[] {
  return [...(asString(value) ? [] : [required(path)]), ...tooLongText(value, path, MAX_TEXT)];
}

function tooLongText(value: Json | undefined, path: string, limit: number): readonly FieldError[] {
  if (new TextEncoder().encode(asString(value)).length <= limit) return [];
  return [invalid(path, "", `can have at most ${limit} characters`)];
}
