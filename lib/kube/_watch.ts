/** One watch request: from its bytes to its events. */

import { getLogger } from "@logtape/logtape";
import type { Status } from "kubernetes-types/meta/v1.d.ts";

import { chunksOf } from "./_chunks.ts";
import { describe } from "./_exchange.ts";
import { LineDecoder } from "./_lines.ts";
import { errorOfStatus } from "./_status.ts";
import { TransportError } from "./errors.ts";
import { isStored } from "./_stored.ts";
import type { KubeObject, Stored } from "./object.ts";
import type { WatchEvent, WatchOptions } from "./options.ts";
import type { ApiRequest, Requester } from "./request.ts";
import { resourcePath, type ResourceType } from "./resource.ts";

const log = getLogger(["bitcoin-controller", "kube"]);

/** Sends one watch request and yields its events until the server ends it. */
export async function* readWatch<T extends KubeObject>(
  api: Requester,
  type: ResourceType<T>,
  namespace: string | undefined,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { resourceVersion, labelSelector, fieldSelector, timeoutSeconds, signal } = options;
  const request: ApiRequest = {
    path: resourcePath(type, namespace),
    operation: { verb: "watch", apiGroup: type.group, resource: type.plural },
    query: {
      watch: 1,
      resourceVersion,
      allowWatchBookmarks: true,
      labelSelector,
      fieldSelector,
      timeoutSeconds,
    },
    signal,
  };
  const body = await api.stream(request);
  options.onOpen?.();
  const decoder = new LineDecoder();
  let level: "warn" | "debug" = "warn";
  // What follows the last line break was cut off: the next watch brings it again.
  for await (const chunk of chunksOf(request, body)) {
    for (const line of decoder.push(chunk)) {
      const envelope = parse(line, request);
      const event = eventOf(envelope, type, request);
      if (event) yield event;
      else {
        log[level]("Skipping a watch event that is not of the kind that is watched", {
          watched: type.kind,
          event: envelope.type,
          kind: envelope.object?.kind,
        });
        // There may be one with every event.
        level = "debug";
      }
    }
  }
}

/** As much of a line as is relied on. */
interface Envelope {
  readonly type?: string;
  readonly object?: KubeObject | null;
}

/**
 * The event of one line; undefined for one that is of no use.
 *
 * @throws {ApiError} for an ERROR event
 */
function eventOf<T extends KubeObject>(
  { type: kind, object }: Envelope,
  type: ResourceType<T>,
  request: ApiRequest,
): WatchEvent<T> | undefined {
  switch (kind) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      // as: the server's objects of a kind have the kind's type.
      if (object?.kind === type.kind && isStored(object)) {
        return { type: kind, object: object as Stored<T> };
      }
      return undefined;
    case "BOOKMARK": {
      const version = object?.metadata?.resourceVersion;
      return typeof version === "string" && version !== ""
        ? { type: kind, resourceVersion: version }
        : undefined;
    }
    case "ERROR":
      // as: an ERROR event carries a Status in place of an object of the kind that is watched.
      throw errorOfStatus((object ?? {}) as Status, `WATCH '${request.path}'`);
    default:
      return undefined;
  }
}

/** @throws {TransportError} if the line is not JSON */
function parse(line: string, request: ApiRequest): Envelope {
  try {
    return JSON.parse(line) ?? {};
  } catch (cause) {
    throw new TransportError(`Cannot ${describe(request)}: a line is not valid JSON`, { cause });
  }
}
