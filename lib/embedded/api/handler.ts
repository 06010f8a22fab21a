/** One request from its headers to its answer: who asks, for what, by which hook, and in which form it is answered. */

import { getLogger } from "@logtape/logtape";

import { authenticate, authorize, splitTokenUrl } from "./authentication.ts";
import {
  type Answer,
  type ApiState,
  type Call,
  LIST_FORMS,
  OBJECT_FORMS,
  type RequestBody,
} from "./call.ts";
import { answerEndpoint, type EndpointSources } from "./endpoints.ts";
import type { HookAction, Hooks } from "./hooks.ts";
import { intervene } from "./intervention.ts";
import { negotiate } from "./negotiation.ts";
import { parseIncludeObject, type Presentation, presentList, presentObject } from "./present.ts";
import type { RequestLog, RequestRecord } from "./record.ts";
import type { ReviewType } from "./registry/resource.ts";
import { parseRequestInfo, type RequestInfo, type ResourceTarget } from "./request_info.ts";
import {
  brokenResponse,
  jsonResponse,
  nothingResponse,
  statusResponse,
  streamResponse,
  textResponse,
  type Writing,
  writingFor,
} from "./responses.ts";
import { answerReview } from "./reviews.ts";
import { carryOut, checkOffered } from "./router.ts";
import type { RunningWatches } from "./running_watches.ts";
import {
  badRequest,
  internalError,
  methodNotAllowed,
  noSuchResource,
  NothingHereError,
  StatusError,
} from "./status.ts";
import { type KubeletAccess, podLog } from "./subresources/log.ts";
import { watchObjects } from "./verbs/watch.ts";

/** Larger bodies are refused (`MaxRequestBodyBytes`). */
const MAX_BODY_LENGTH = 3 * 1024 * 1024;

/** What a {@linkcode RequestHandler} works with. */
export interface RequestHandlerOptions {
  /** Objects, resources and time. */
  readonly state: ApiState;
  /** What the other endpoints tell of. */
  readonly endpoints: EndpointSources;
  /** Users by their bearer tokens. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Keeps what was asked. */
  readonly log: RequestLog;
  /** Faults on demand. */
  readonly hooks: Hooks;
  /** Watches that are running. */
  readonly watches: RunningWatches;
  /** How logs of pods are reached. */
  readonly kubelet: KubeletAccess;
  /** Random number from 0 up to 1. */
  readonly random: () => number;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** Answers requests. */
export class RequestHandler {
  readonly #options: RequestHandlerOptions;
  readonly #logger = getLogger(["bitcoin-controller", "embedded", "api"]);

  /** Keeps its parts. */
  constructor(options: RequestHandlerOptions) {
    this.#options = options;
  }

  /** Answers one request. Never throws. */
  async handle(request: Request): Promise<Response> {
    const { log, hooks, tokens, state, signal } = this.#options;
    const { url, token } = splitTokenUrl(new URL(request.url));
    const info = parseRequestInfo(request.method, url);
    const writing = writingFor(info.query, request.headers.get("user-agent"));
    const user = authenticate(request.headers, token, tokens);
    const entry = log.add(
      request,
      info,
      user instanceof StatusError ? "" : user,
      state.clock.now(),
    );
    try {
      const action = hooks.take(entry);
      const answered = action && await intervene(action, { clock: state.clock, signal, writing });
      if (answered) {
        if (action.kind !== "cut") log.answered(entry, answered.status);
        return answered;
      }
      if (user instanceof StatusError) throw user;
      const response = await this.#answer(request, { info, user, entry, action, writing });
      log.answered(entry, response.status);
      return action?.kind === "cutAnswer" ? brokenResponse() : response;
    } catch (error) {
      const response = this.#refuse(error, writing);
      log.answered(entry, response.status);
      return response;
    }
  }

  async #answer(request: Request, asked: Asked): Promise<Response> {
    const { info, user } = asked;
    const refusal = authorize(user, info, this.#options.tokens);
    if (refusal) throw refusal;
    return info.target
      ? await this.#answerResource(request, asked, info.target)
      : this.#answerEndpoint(request, asked);
  }

  #answerEndpoint(request: Request, { info, writing }: Asked): Response {
    const answer = answerEndpoint(info, request.headers.get("accept"), this.#options.endpoints);
    if (!answer) throw this.#missing(groupOf(info.path));
    if (info.method !== "GET") throw methodNotAllowed();
    const { body, contentType, isPublic = false } = answer;
    if (typeof body === "string") return textResponse(body, 200, contentType);
    const headers: Record<string, string> = isPublic ? { "cache-control": "public" } : {};
    return jsonResponse(body, 200, writing, { contentType, headers });
  }

  async #answerResource(
    request: Request,
    asked: Asked,
    target: ResourceTarget,
  ): Promise<Response> {
    const { state, kubelet, signal } = this.#options;
    const { info: { verb, query }, writing } = asked;
    const { group, version, resource: plural } = target;
    const review = state.registry.findReview(group, version, plural);
    if (review) return await this.#answerReview(request, asked, review);
    const resource = state.registry.find(group, version, plural);
    if (!resource) throw this.#missing(group);
    checkOffered({ resource, target }, verb);
    const present = presentationFor(request, asked.info, () => state.clock.now());
    const body = verb === "get" || verb === "list" || verb === "watch"
      ? { mediaType: "", text: "" }
      : await readBody(request);
    const call: Call = { state, target, resource, query, headers: request.headers, body };
    if (verb === "watch") return this.#watch(call, asked, present);
    if (target.subresource === "log") return await podLog(call, kubelet, signal);
    return answerResponse(carryOut(call, verb), call, present(), writing);
  }

  async #answerReview(
    request: Request,
    { info: { verb, query }, user, writing }: Asked,
    review: ReviewType,
  ): Promise<Response> {
    if (verb !== "create") throw methodNotAllowed();
    const body = await readBody(request);
    const { state: { clock } } = this.#options;
    const json = answerReview({ clock, review, user, query, headers: request.headers, body });
    return jsonResponse(json, 201, writing);
  }

  #watch(call: Call, { entry, action }: Asked, presentation: () => Presentation): Response {
    const { watches, random } = this.#options;
    const limit = action?.kind === "cutWatch" ? action.afterEvents : Number.POSITIVE_INFINITY;
    const stream = watchObjects(call, {
      presentation,
      random,
      onEnd: (ended) => watches.ended(ended),
      onEvent: (running) => {
        if (running.sent >= limit) running.cut();
      },
    });
    if (limit === 0) stream.cut();
    watches.start(entry, call.resource.collection, stream);
    return streamResponse(stream.body);
  }

  /** What a path of a group is answered with at which there is nothing: text, if there is not even the group. */
  #missing(group: string | undefined): Error {
    const { groupVersions } = this.#options.state.registry;
    const isBuiltIn = groupVersions.some((known) =>
      known.group === group && !known.resources.some(({ schema }) => schema.custom)
    );
    return isBuiltIn ? noSuchResource() : new NothingHereError();
  }

  #refuse(error: unknown, writing: Writing): Response {
    if (error instanceof StatusError) return statusResponse(error, writing);
    if (error instanceof NothingHereError) return nothingResponse();
    if (this.#options.signal.aborted) {
      const message = "The server is stopping";
      return statusResponse(
        new StatusError({ code: 503, reason: "ServiceUnavailable", message }),
        writing,
      );
    }
    this.#logger.error("A request failed for a reason of the server's own", { error });
    const why = error instanceof Error ? error.message : String(error);
    return statusResponse(
      internalError(`Internal error occurred: ${why}`, { cause: error }),
      writing,
    );
  }
}

/** The API group that a path is in; undefined if it is in none. */
function groupOf(path: string): string | undefined {
  const [root, group] = path.split("/").filter(Boolean);
  return root === "api" ? "" : root === "apis" ? group : undefined;
}

/** A request and what is known of it. */
interface Asked {
  readonly info: RequestInfo;
  readonly user: string;
  readonly entry: RequestRecord;
  readonly action: HookAction | undefined;
  readonly writing: Writing;
}

function presentationFor(
  { headers }: Request,
  { verb, query }: RequestInfo,
  now: () => number,
): () => Presentation {
  const form = negotiate(headers.get("accept"), verb === "list" ? LIST_FORMS : OBJECT_FORMS);
  const includeObject = form === "Table" ? parseIncludeObject(query) : "Metadata";
  return () => ({ form, includeObject, now: now() });
}

function answerResponse(
  answer: Answer,
  { resource }: Call,
  presentation: Presentation,
  writing: Writing,
): Response {
  const { code } = answer;
  if ("list" in answer) {
    return jsonResponse(
      presentList(resource, answer.list, answer.metadata, presentation),
      code,
      writing,
    );
  }
  const { warnings = [] } = answer;
  const body = "object" in answer
    ? presentObject(resource, answer.object, presentation)
    : answer.json;
  return jsonResponse(body, code, writing, { warnings });
}

async function readBody(request: Request): Promise<RequestBody> {
  const bytes = await request.bytes().catch((cause: unknown) => {
    // The client is gone: nobody reads this, and nothing is wrong here.
    throw badRequest("The body ends before its time", { cause });
  });
  if (bytes.length > MAX_BODY_LENGTH) {
    const message = `Request entity too large: limit is ${MAX_BODY_LENGTH}`;
    throw new StatusError({ code: 413, reason: "RequestEntityTooLarge", message });
  }
  const [mediaType = ""] = (request.headers.get("content-type") ?? "").split(";");
  return {
    mediaType: mediaType.trim().toLowerCase(),
    text: new TextDecoder().decode(bytes),
    bytes,
  };
}
