/** Reads the audit log of kube-apiserver: who asked for what. */

/** What is logged of the requests of the control plane's own parts: nothing, there are too many. */
export const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", users: ["system:apiserver", "system:kube-controller-manager"] },
    { level: "None", userGroups: ["system:serviceaccounts:kube-system", "system:nodes"] },
    { level: "None", users: ["system:kube-scheduler", "system:anonymous"] },
    { level: "Metadata" },
  ],
};

/** One request. */
export interface AuditRecord {
  /** When it came, in ms since 1970, to the microsecond. */
  readonly atMs: number;
  /** Who asked, such as `system:serviceaccount:bitcoin-controller:bitcoin-controller-sva`. */
  readonly user: string;
  readonly userAgent: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` or `deletecollection`. */
  readonly verb: string;
  readonly apiGroup: string;
  /** Kind in the plural, with its subresource: `pods` or `bitcoinnetworks/status`; empty for a path that is none. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uri: string;
  /** HTTP status of the answer. */
  readonly code: number;
}

/** Verbs that change something. */
const WRITES = ["create", "update", "patch", "delete", "deletecollection"];

/** Whether a request changes something. */
export function isWrite({ verb }: AuditRecord): boolean {
  return WRITES.includes(verb);
}

/** How often each kind of request was made, such as `{"patch services": 1}`; what is no resource counts by its path. */
export function tallyOf(records: readonly AuditRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verb, resource, uri } of records) {
    const kind = `${verb} ${resource || uri}`;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** An audit event, as far as it is read. */
interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user?: { readonly username?: string };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

/** The requests of a log, each once, in the order in which they were answered first. A line that is cut off is left out. */
export function parseAuditLog(text: string): AuditRecord[] {
  const records = new Map<string, AuditRecord>();
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (line === "") continue;
    // kube-apiserver writes one event a line.
    const event: AuditEvent = JSON.parse(line);
    // A watch has an event when it starts and one when it ends.
    if (!records.has(event.auditID)) records.set(event.auditID, recordOf(event));
  }
  return [...records.values()];
}

function recordOf(event: AuditEvent): AuditRecord {
  const { resource = "", subresource, ...object } = event.objectRef ?? {};
  return {
    atMs: microseconds(event.requestReceivedTimestamp),
    user: event.user?.username ?? "",
    userAgent: event.userAgent ?? "",
    verb: event.verb,
    apiGroup: object.apiGroup ?? "",
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace: object.namespace ?? "",
    name: object.name ?? "",
    uri: event.requestURI,
    code: event.responseStatus?.code ?? 0,
  };
}

/** `Date` drops what is below a millisecond. */
function microseconds(timestamp: string): number {
  const [, fraction = "000000"] = /\.(\d{6})/.exec(timestamp) ?? [];
  return Math.floor(Date.parse(timestamp) / 1000) * 1000 + Number(fraction) / 1000;
}
