/** One watch request: from its bytes to its events. */

import { getLogger } from "@logtape/logtape";
import type { Status } from "kubernetes-types/meta/v1.d.ts";

import { chunksOf } from "./_chunks.ts";
import { describe } from "./_exchange.ts";
import { LineDecoder } from "./_lines.ts";
import { errorOfStatus } from "./_status.ts";
import { TransportError } from "./errors.ts";
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
  // What follows the last line break was cut off: the next watch brings it again.
  for await (const chunk of chunksOf(request, body)) {
    for (const line of decoder.push(chunk)) {
      const event = parseWatchLine(line, type, request);
      if (event) yield event;
    }
  }
}

/** As much of a line as is relied on. */
interface Envelope<T extends KubeObject> {
  readonly type?: string;
  readonly object?: Stored<T> | null;
}

/**
 * The event of one line; undefined for one that is of no use, which is logged.
 *
 * @throws {ApiError} for an ERROR event
 * @throws {TransportError} if the line is not JSON
 */
export function parseWatchLine<T extends KubeObject>(
  line: string,
  type: ResourceType<T>,
  request: ApiRequest,
): WatchEvent<T> | undefined {
  const { type: kind, object } = parse<T>(line, request);
  switch (kind) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      if (object?.kind === type.kind && object.metadata?.resourceVersion) {
        return { type: kind, object };
      }
      break;
    case "BOOKMARK":
      if (object?.metadata?.resourceVersion) {
        return { type: kind, resourceVersion: object.metadata.resourceVersion };
      }
      break;
    case "ERROR":
      // An ERROR event carries a Status in place of an object of the kind that is watched.
      throw errorOfStatus((object ?? {}) as Status, `WATCH '${request.path}'`);
  }
  log.warn("Skipping a watch event that is not of the kind that is watched", {
    watched: type.kind,
    event: kind,
    kind: object?.kind,
  });
  return undefined;
}

function parse<T extends KubeObject>(line: string, request: ApiRequest): Envelope<T> {
  try {
    return JSON.parse(line) ?? {};
  } catch (cause) {
    throw new TransportError(`Cannot ${describe(request)}: a line is not valid JSON`, { cause });
  }
}
