/** The verb `watch`: changes of a collection as they happen. */

import { type Call, collectionOf } from "../call.ts";
import type { JsonObject } from "../json.ts";
import type { ApiObject } from "../object.ts";
import { parseInteger } from "../options.ts";
import { type Presentation, presentBookmark, presentWatched } from "../present.ts";
import { fromStored } from "../registry/resource.ts";
import { isTrue } from "../request_info.ts";
import { expired, internalError } from "../status.ts";
import type { Change } from "../storage/change.ts";
import { ExpiredRevisionError } from "../storage/history.ts";
import { checkNotInFuture, parseListOptions, revisionProblem } from "./list_options.ts";
import { parseSelection, type Selection } from "./list.ts";
import { eventOf, type WatchEvent } from "./watch_events.ts";
import { encodeEvent, WatchStream } from "./watch_stream.ts";

/** A watch without a timeout lasts between this and twice this (`--min-request-timeout`), in ms. */
const MIN_TIMEOUT_MS = 30 * 60_000;

/** Annotation of the bookmark after the objects with which a watch begins. */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** Lines of plain objects, made once for all watches; events of one object are few, so a small record does. */
const LINES = new WeakMap<ApiObject, Partial<Record<WatchEvent["type"], Uint8Array>>>();

/** What a watch needs of the server that runs it. */
export interface WatchHost {
  /** Form of the events. */
  readonly presentation: () => Presentation;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
  /** Called when the watch has ended. */
  readonly onEnd: (stream: WatchStream) => void;
  /** Called after each event. */
  readonly onEvent: (stream: WatchStream) => void;
}

/**
 * Starts a watch and returns its stream, with what was there or happened before now already in it.
 *
 * @throws {StatusError} if the options or the revision are no good; a revision that is too old is told in the stream
 */
export function watchObjects(call: Call, host: WatchHost): WatchStream {
  const { query, resource, state, target } = call;
  const { resourceVersion, sendInitialEvents } = parseListOptions(query, true);
  const problem = revisionProblem(resourceVersion);
  if (problem) throw internalError(problem);
  const selects = parseSelection(resource, query);
  const timeoutSeconds = parseInteger(query, "timeoutSeconds");
  const bookmarks = isTrue(query.get("allowWatchBookmarks"));
  if (sendInitialEvents) checkNotInFuture(resourceVersion, state.storage.revision);

  const bookmark = (annotations?: JsonObject): JsonObject =>
    presentBookmark(resource, {
      resourceVersion: String(state.storage.revision),
      ...(annotations ? { annotations } : {}),
    }, host.presentation());
  let stopListening = (): void => {};
  const stream = new WatchStream({
    clock: state.clock,
    timeoutMs: timeoutSeconds ? timeoutSeconds * 1000 : MIN_TIMEOUT_MS * (1 + host.random()),
    ...(bookmarks ? { bookmark: () => bookmark() } : {}),
    onEnd: (ended) => {
      stopListening();
      host.onEnd(ended);
    },
  });
  const send = (event: WatchEvent | undefined): void => {
    if (!event) return;
    stream.send(lineOf(event, call, host.presentation(), stream.sent === 0));
    host.onEvent(stream);
  };

  const collection = collectionOf(call);
  const prefix = target.namespace ? `${target.namespace}/` : "";
  const start = Number(resourceVersion);
  try {
    if (sendInitialEvents ?? start === 0) {
      for (const object of selectedNow(call, prefix, selects)) send({ type: "ADDED", object });
    } else if (start > 0) {
      for (const change of collection.history.since(start)) {
        if (change.key.startsWith(prefix)) send(eventOf(change, resource, selects));
      }
    }
  } catch (error) {
    if (!(error instanceof ExpiredRevisionError)) throw error;
    const message = `too old resource version: ${error.revision} (${error.oldest})`;
    stream.send(encodeEvent("ERROR", expired(message).toJson()));
    stream.close();
    return stream;
  }
  if (sendInitialEvents && bookmarks) {
    stream.sendBookmark(bookmark({ [INITIAL_EVENTS_END]: "true" }));
  }
  if (stream.ended) return stream;
  stopListening = collection.listen((change: Change) => {
    // Someone who starts from a revision to come wants nothing before it.
    if (change.revision > start && change.key.startsWith(prefix)) {
      send(eventOf(change, resource, selects));
    }
  });
  return stream;
}

function selectedNow(call: Call, prefix: string, selects: Selection): readonly ApiObject[] {
  return collectionOf(call).list(prefix)
    .map((object) => fromStored(call.resource, object))
    .filter(selects);
}

function lineOf(
  { type, object }: WatchEvent,
  { resource }: Call,
  presentation: Presentation,
  first: boolean,
): Uint8Array {
  if (presentation.form !== "Object") {
    return encodeEvent(type, presentWatched(resource, object, presentation, first));
  }
  const lines = LINES.get(object) ?? {};
  const line = lines[type] ?? encodeEvent(type, object);
  LINES.set(object, { ...lines, [type]: line });
  return line;
}
