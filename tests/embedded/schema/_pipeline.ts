/** A server of one process and no network: writes go through the functions of the room in the order that they are made for. */

import {
  apiVersionOf,
  applyConfiguration,
  ApplyConflictError,
  applyDefaults,
  ApplyError,
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  asArray,
  asObject,
  asString,
  decodeProblem,
  type FieldError,
  type Json,
  type JsonObject,
  type KindSchema,
  managerName,
  PatchError,
  prepareForCreate,
  prepareForUpdate,
  prune,
  sameJson,
  updateManagedFields,
  validateCreate,
  validateUpdate,
  valueAt,
  withValueAt,
} from "../../../lib/embedded/schema/mod.ts";
import { builtInKinds } from "./_kinds.ts";

/** A write. */
export interface WriteRequest {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly userAgent?: string;
  readonly body: Json;
}

/** What is answered. */
export interface WriteAnswer {
  readonly status: number;
  readonly message?: string;
  readonly causes?: readonly JsonObject[];
  readonly warning?: string;
  readonly object?: JsonObject;
}

interface Target {
  readonly kind: KindSchema;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

/** Fields that a server fills in by itself. */
const SYSTEM_FIELDS = ["uid", "creationTimestamp", "resourceVersion"];

/** Keeps objects, and answers writes. */
export class Pipeline {
  readonly #kinds: readonly KindSchema[];
  readonly #objects = new Map<string, JsonObject>();
  #writes = 0;

  constructor(customKinds: readonly KindSchema[]) {
    this.#kinds = [...customKinds, ...builtInKinds()];
  }

  /** Answers a write as kube-apiserver does. */
  write(request: WriteRequest): WriteAnswer {
    const target = this.#target(request.path);
    this.#writes++;
    try {
      return this.#write(target, request);
    } catch (error) {
      if (error instanceof PatchError || error instanceof ApplyError) {
        return { status: error.code, message: error.message };
      }
      if (!(error instanceof ApplyConflictError)) throw error;
      return {
        status: 409,
        message: error.message,
        causes: error.causes.map((cause) => ({ ...cause })),
      };
    }
  }

  #write(target: Target, request: WriteRequest): WriteAnswer {
    const { kind, namespace, subresource, query } = target;
    const body = asObject(request.body);
    const name = target.name ?? asString(valueAt(body, "metadata", "name"));
    const key = [kind.group, kind.kind, namespace, name].join("/");
    const old = this.#objects.get(key);
    const isApply = request.type?.includes("apply") === true;
    const isNew = request.method === "POST" || (isApply && !old);
    if (!isNew && !old) return { status: 404 };

    const by = {
      manager: managerName(query.get("fieldManager"), request.userAgent ?? null),
      subresource,
      time: new Date(Date.UTC(2026, 0, 1) + this.#writes * 1000).toISOString().replace(".000", ""),
    };
    let warning: string | undefined;
    let object: JsonObject;
    if (isApply) {
      object = applyDefaults(
        kind,
        applyConfiguration(kind, old, body, { ...by, force: query.has("force") }),
      );
    } else {
      const sent = {
        apiVersion: apiVersionOf(kind),
        kind: kind.kind,
        ...patched(kind, old, request),
      };
      const problem = decodeProblem(kind, sent);
      if (problem) {
        const message =
          `${kind.kind} in version "v1" cannot be handled as a ${kind.kind}: ${problem}`;
        return { status: 400, message };
      }
      const pruned = prune(kind, sent);
      const warnings = pruned.unknown.map((path) =>
        `299 - ${JSON.stringify(`unknown field "${path}"`)}`
      );
      warning = warnings.length > 0 ? warnings.join(", ") : undefined;
      const named = withNamespace(applyDefaults(kind, pruned.object), namespace);
      object = updateManagedFields(kind, named, isNew ? undefined : old, by);
    }
    const prepared = this.#prepare(
      kind,
      withNamespace(object, namespace),
      isNew ? undefined : old,
      subresource,
    );
    const errors = isNew || !old
      ? validateCreate(kind, prepared)
      : validateUpdate(kind, prepared, old, subresource);
    if (errors.length > 0) {
      return refuse(kind, asString(valueAt(prepared, "metadata", "name")), errors);
    }
    const stored = old && !isNew && sameJson(prepared, old) ? old : prepared;
    if (!query.has("dryRun")) this.#objects.set(key, freeze(stored));
    return { status: isNew ? 201 : 200, object: stored, ...(warning ? { warning } : {}) };
  }

  #prepare(
    kind: KindSchema,
    object: JsonObject,
    old: JsonObject | undefined,
    subresource: string,
  ): JsonObject {
    const systemFields: Readonly<Record<string, Json>> = {
      uid: `uid-${this.#writes}`,
      creationTimestamp: "2026-01-01T00:00:00Z",
      resourceVersion: String(this.#writes),
    };
    const filled = SYSTEM_FIELDS.reduce((current, field) => {
      const kept = valueAt(current, "metadata", field) ?? valueAt(old, "metadata", field);
      return withValueAt(current, ["metadata", field], old ? kept : systemFields[field]);
    }, object);
    if (old) return prepareForUpdate(kind, filled, old, subresource);
    return prepareForCreate(kind, kind.kind === "Pod" ? admitPod(filled) : filled);
  }

  #target(path: string): Target {
    const url = new URL(path, "http://server.invalid");
    const [root, ...segments] = url.pathname.split("/").filter(Boolean);
    const group = root === "api" ? "" : segments.shift() ?? "";
    segments.shift();
    const isInNamespace = segments[0] === "namespaces" && segments.length > 2;
    const namespace = isInNamespace ? segments[1] : undefined;
    const [plural = "", name, subresource = ""] = isInNamespace ? segments.slice(2) : segments;
    const kind = this.#kinds.find((candidate) =>
      candidate.group === group && pluralOf(candidate.kind) === plural
    );
    if (!kind) throw new RangeError(`Cannot find the kind of '${path}'`);
    return { kind, namespace, name, subresource, query: url.searchParams };
  }
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  // The kind of the recorded rules ends in the name of its plural.
  if (name.startsWith("rrules")) return name.slice(1);
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function patched(kind: KindSchema, old: JsonObject | undefined, request: WriteRequest): JsonObject {
  const { type = "", body } = request;
  const target = old ?? {};
  if (type.includes("json-patch")) return asObject(applyJsonPatch(target, body));
  if (type.includes("strategic")) return applyStrategicMergePatch(kind, target, body);
  return type.includes("merge-patch") ? applyMergePatch(target, body) : asObject(body);
}

function withNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
  return namespace ? withValueAt(object, ["metadata", "namespace"], namespace) : object;
}

function refuse(kind: KindSchema, name: string, errors: readonly FieldError[]): WriteAnswer {
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const qualified = kind.group && kind.kind !== "Event" ? `${kind.kind}.${kind.group}` : kind.kind;
  const message = `${qualified} "${name}" is invalid: ${list}`;
  return { status: 422, message, causes: errors.map((error) => ({ ...error })) };
}

/** Admission plugins of a real server that change pods and are no part of this room: priority, default tolerations. */
function admitPod(pod: JsonObject): JsonObject {
  const spec = asObject(pod.spec);
  const tolerations = asArray(spec.tolerations).map(asObject);
  const added = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
    .filter((key) => !tolerations.some((toleration) => (toleration.key ?? key) === key))
    .map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }));
  return {
    ...pod,
    spec: {
      priority: 0,
      preemptionPolicy: "PreemptLowerPriority",
      ...spec,
      tolerations: [...tolerations, ...added],
    },
  };
}

/** Freezes what is stored, as the real storage does, so that no function gets away with changing it. */
function freeze<T extends Json | undefined>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
