/** The subresource `log` of pods: what their containers write, fetched from the kubelet of their node. */

import { type Call, storedObject } from "../call.ts";
import { asArray, asObject, asString, type Json, valueAt } from "../json.ts";
import type { ApiObject } from "../object.ts";
import { parseInteger } from "../options.ts";
import { badRequest, internalError, invalid, notFound, StatusError } from "../status.ts";

/** How the server reaches kubelets. */
export interface KubeletAccess {
  /** Sends requests. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Bearer token; none is sent if there is none. */
  readonly token?: string;
}

/** Where kubelets listen that do not say it (`ports.KubeletPort`). */
const DEFAULT_PORT = 10250;

/** Parameters that go to the kubelet as they are. */
const FORWARDED = [
  "follow",
  "previous",
  "timestamps",
  "sinceSeconds",
  "sinceTime",
  "tailLines",
  "limitBytes",
];

/** Numbers among them, with the smallest value that the real server takes. */
const NUMBERS: Readonly<Record<string, number>> = { sinceSeconds: 1, tailLines: 0, limitBytes: 1 };

/**
 * Answers with the log of a container; while it is followed, the answer goes on.
 *
 * @throws {StatusError} if there is no such pod, container or node, or its kubelet does not answer
 */
export async function podLog(
  call: Call,
  kubelet: KubeletAccess,
  signal: AbortSignal,
): Promise<Response> {
  const pod = storedObject(call);
  checkNumbers(call);
  const container = containerOf(pod, call.query.get("container") ?? "");
  const nodeName = asString(valueAt(pod, "spec", "nodeName"));
  // A pod without a node has written nothing yet.
  if (nodeName === "") return textResponse(null);
  const node = call.state.storage.collection("/nodes").get(nodeName);
  if (!node) throw notFound({ group: "", kind: "pods" }, nodeName);
  const url = logUrl(call, node, container);
  const response = await ask(url, kubelet, signal);
  if (!response.ok) throw await refusal(response, call.target.name);
  return textResponse(response.body);
}

function textResponse(body: ReadableStream<Uint8Array> | null): Response {
  return new Response(body, {
    headers: { "content-type": "text/plain", "cache-control": "no-cache, private" },
  });
}

function checkNumbers({ query, target }: Call): void {
  const causes = Object.entries(NUMBERS).flatMap(([name, minimum]) => {
    const value = parseInteger(query, name);
    if (value === undefined || value >= minimum) return [];
    const message = `Invalid value: ${value}: must be greater than or equal to ${minimum}`;
    return [{ reason: "FieldValueInvalid", message, field: name }];
  });
  if (causes.length > 0) throw invalid({ group: "", kind: "PodLogOptions" }, target.name, causes);
}

function containerOf(pod: ApiObject, wanted: string): string {
  const { containers, initContainers } = asObject(pod.spec);
  const names = asArray(containers).map(nameOf);
  const { name = "" } = pod.metadata;
  if (wanted !== "") {
    if ([...names, ...asArray(initContainers).map(nameOf)].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]`,
  );
}

function nameOf(container: Json): string {
  return asString(valueAt(container, "name"));
}

function logUrl({ query, target }: Call, node: ApiObject, container: string): string {
  const addresses = asArray(valueAt(node, "status", "addresses")).map(asObject);
  const address = asString(addresses.find(({ type }) => type === "InternalIP")?.address);
  const port = valueAt(node, "status", "daemonEndpoints", "kubeletEndpoint", "Port");
  const url = new URL(`http://${address || node.metadata.name}:${port || DEFAULT_PORT}`);
  url.pathname = `/containerLogs/${target.namespace}/${target.name}/${container}`;
  for (const name of FORWARDED) {
    const value = query.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}

async function ask(
  url: string,
  { fetch, token }: KubeletAccess,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return await fetch(url, { headers, signal });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw internalError(`Get "${url}": ${why}`, { cause });
  }
}

/** What a kubelet's refusal becomes (`rest.GenericHttpResponseChecker`). */
async function refusal(response: Response, name: string): Promise<StatusError> {
  const text = (await response.text()).trim();
  switch (response.status) {
    case 400:
      return badRequest(text);
    case 404: {
      const details = { name, kind: "pods/log" };
      const message = `the server could not find the requested resource ( pods/log ${name})`;
      return new StatusError({ code: 404, reason: "NotFound", message, details });
    }
    default: {
      const message = `Internal error occurred: ${text}`;
      return new StatusError({ code: 500, reason: "InternalError", message });
    }
  }
}
