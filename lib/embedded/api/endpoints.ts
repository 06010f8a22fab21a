/** Everything that is no resource: version, health, discovery and OpenAPI. */

import { KUBERNETES_VERSION } from "../schema/mod.ts";
import { AGGREGATED_TYPE, aggregatedDiscovery, wantsAggregated } from "./discovery/aggregated.ts";
import { apiVersions, groupDocument, groupList, resourceList } from "./discovery/legacy.ts";
import type { OpenApiDocuments } from "./discovery/openapi.ts";
import { openApiV2 } from "./discovery/openapi_v2.ts";
import type { JsonObject } from "./json.ts";
import type { Registry } from "./registry/registry.ts";
import type { RequestInfo } from "./request_info.ts";

/** What these endpoints tell of. */
export interface EndpointSources {
  /** What is served. */
  readonly registry: Registry;
  /** Its documents. */
  readonly openApi: OpenApiDocuments;
  /** Address of the server, such as `127.0.0.1:6443`. */
  readonly address: () => string;
}

/** An answer of such an endpoint. */
export interface EndpointAnswer {
  /** Body. */
  readonly body: JsonObject | string;
  /** Media type. */
  readonly contentType: string;
  /** Whether anybody may keep it. */
  readonly isPublic?: boolean;
}

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";

/** Which Kubernetes the server speaks. */
const GIT_VERSION = `v${KUBERNETES_VERSION}`;

const [MAJOR = "", MINOR = ""] = KUBERNETES_VERSION.split(".");

/** The release that the server is like: the one its schemas and its answers were taken from. */
const VERSION: JsonObject = {
  major: MAJOR,
  minor: MINOR,
  emulationMajor: MAJOR,
  emulationMinor: MINOR,
  minCompatibilityMajor: MAJOR,
  minCompatibilityMinor: `${Number(MINOR) - 1}`,
  gitVersion: GIT_VERSION,
  gitCommit: "",
  gitTreeState: "archive",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "",
};

/** Answers a request for anything but a resource; undefined if there is nothing at its path. */
export function answerEndpoint(
  { path, query }: RequestInfo,
  accept: string | null,
  sources: EndpointSources,
): EndpointAnswer | undefined {
  const [root = "", ...rest] = path.split("/").filter(Boolean);
  switch (root) {
    case "version":
      return rest.length === 0 ? { body: VERSION, contentType: JSON_TYPE } : undefined;
    case "healthz":
    case "livez":
    case "readyz":
      if (rest.length > 0 && path !== `/${root}/ping`) return undefined;
      return { body: health(root, query.has("verbose")), contentType: TEXT_TYPE };
    case "api":
    case "apis":
      return discover(root, rest, accept, sources);
    case "openapi":
      return openApi(rest, accept, sources);
    default:
      return undefined;
  }
}

function health(name: string, verbose: boolean): string {
  return verbose ? `[+]ping ok\n${name} check passed\n` : "ok";
}

function discover(
  root: "api" | "apis",
  rest: readonly string[],
  accept: string | null,
  { registry, address }: EndpointSources,
): EndpointAnswer | undefined {
  const { groupVersions } = registry;
  const isCore = root === "api";
  if (rest.length === 0 && wantsAggregated(accept)) {
    const own = groupVersions.filter(({ group }) => (group === "") === isCore);
    return { body: aggregatedDiscovery(own), contentType: AGGREGATED_TYPE, isPublic: true };
  }
  const [group = "", version] = isCore ? ["", ...rest] : rest;
  const body = version !== undefined
    ? resources(group, version, registry)
    : isCore
    ? apiVersions(address())
    : rest.length === 0
    ? groupList(groupVersions)
    : groupDocument(group, groupVersions);
  return body && { body, contentType: JSON_TYPE };
}

function resources(group: string, version: string, registry: Registry): JsonObject | undefined {
  const found = registry.groupVersions.find((known) =>
    known.group === group && known.version === version
  );
  return found && resourceList(found);
}

function openApi(
  [version, ...path]: readonly string[],
  accept: string | null,
  { openApi }: EndpointSources,
): EndpointAnswer | undefined {
  if (version === "v2" && path.length === 0) return openApiV2(accept, GIT_VERSION);
  if (version !== "v3") return undefined;
  // The index of a real server comes as text too.
  if (path.length === 0) return { body: openApi.index(), contentType: TEXT_TYPE };
  const body = openApi.document(path.join("/"));
  return body && { body, contentType: JSON_TYPE };
}
