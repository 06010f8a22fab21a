/** The API reference, in Markdown, from the schema and what is known beside it. */

import type { JSONSchemaProps } from "kubernetes-types/apiextensions/v1.d.ts";

/** The whole page. */
export function apiReference(spec: JSONSchemaProps, status: JSONSchemaProps): string {
  return `${INTRODUCTION}
## spec

${table(rows(spec, ""))}

What is refused, by the API server and by the controller, in these words:

${rules(spec, "").join("\n")}

[Topologies](topologies.md) has a picture of each, and says how they are linked.

## status

${table(rows(status, ""))}

${REST}`;
}

interface Row {
  readonly field: string;
  readonly type: string;
  readonly meaning: string;
}

/** One row a field; the fields of objects follow theirs, with a path. */
function rows(schema: JSONSchemaProps, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isRequired = schema.required?.includes(name) && prefix === "";
    const path = `${prefix}${name}`;
    // as: `items` of a structural schema is one schema, never a list of them.
    const inner = field.type === "array" ? field.items as JSONSchemaProps : field;
    const row = {
      field: path,
      type: typeOf(field, isRequired ?? false),
      meaning: (field.description ?? "").replaceAll("<", "&lt;"),
    };
    return [row, ...rows(inner, `${path}${field.type === "array" ? "[]" : ""}.`)];
  });
}

function typeOf(schema: JSONSchemaProps, isRequired: boolean): string {
  const parts = [schema.enum ? schema.enum.join(" \\| ") : schema.format ?? schema.type ?? ""];
  if (schema.type === "array") parts[0] = "list";
  if (isRequired) parts.push("required");
  if (schema.default !== undefined) parts.push(`default \`${valueText(schema.default)}\``);
  if (schema.maxItems !== undefined) parts.push(`at most ${schema.maxItems}`);
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    parts.push(`${schema.minimum} to ${schema.maximum}`);
  }
  return parts.join(", ");
}

/** A value as one writes it in a manifest; objects in one line. */
function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One line for each rule of a schema and of what is in it. */
function rules(schema: JSONSchemaProps, prefix: string): string[] {
  // as: the types spell this field as Go does, and leave its items open.
  const own = (schema as { readonly "x-kubernetes-validations"?: readonly Rule[] })[
    "x-kubernetes-validations"
  ] ?? [];
  return [
    ...own.map(({ fieldPath = "", message }) =>
      `- \`${`${prefix}${fieldPath}`.replace(/^\./, "")}\`: ${message}`
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
      rules(field, `${prefix}.${name}`)
    ),
  ];
}

interface Rule {
  readonly message: string;
  readonly fieldPath?: string;
}

function table(all: readonly Row[]): string {
  const lines = all.map(({ field, type, meaning }) => `| \`${field}\` | ${type} | ${meaning} |`);
  return ["| field | type | meaning |", "| --- | --- | --- |", ...lines].join("\n");
}

const INTRODUCTION = `<!-- Made by \`deno task generate\`. Do not edit. -->

# BitcoinNetwork

One \`BitcoinNetwork\` is one Bitcoin test network on regtest.

| | |
| --- | --- |
| apiVersion | \`bitcoincontroller.christianb93.github.com/v1\` |
| kind | \`BitcoinNetwork\`, namespaced |
| names | \`bitcoinnetworks\`, \`bitcoinnetwork\`, \`btcnet\`; category \`bitcoin\` |
| subresources | \`status\`; \`scale\`, so that \`kubectl scale btcnet/NAME --replicas N\` works |
| name | a DNS-1035 label of at most 46 characters |

Everything is declarative: what is changed by hand on an object of the network is put back.
`;

const REST = `## Conditions

They follow kstatus, so \`kubectl wait\`, Argo CD and Flux understand them. Each has an \`observedGeneration\`, a reason, and a message that says which node and what to do.

| type | \`True\` when | reasons otherwise |
| --- | --- | --- |
| \`NodesReady\` | every wanted pod is Ready and runs what is wanted | \`NodesStarting\`, \`NodesMissing\`, \`ImagePullFailed\`, \`CrashLoop\`, \`Unschedulable\`, \`Suspended\` (\`nodes: 0\`) |
| \`Connected\` | every link is up | \`Connecting\`, \`ConnectionsLost\`, \`NodesUnreachable\` |
| \`Synced\` | all nodes report the same best block | \`Syncing\`, \`Forked\`, \`NodesUnreachable\` |
| \`Ready\` | the three above, and nothing is stalled | the first reason that fails |
| \`Reconciling\` | work is in progress | (only there while it is) |
| \`Stalled\` | a person must act | \`SecretMissing\`, \`SecretInvalid\`, \`NameConflict\`, \`InvalidConfig\`, \`Forbidden\` |

A status is written only when it says something new. Heights and tips alone are worth a write at most once in 5 seconds, and so is
it that some nodes have not got the last block yet: a network that mines does not turn \`Synced\` with each block.

### Waiting in scripts

\`\`\`
kubectl apply -f network.yaml
kubectl wait --for=condition=Ready btcnet/NAME --timeout=5m
\`\`\`

\`kubectl wait\` takes a condition for what it is only if its \`observedGeneration\` is that of the network now, so it may be started
right after a change and waits for that change. No condition is ever \`True\` of a generation whose pods, links and blocks are not there.

- A rollout (image, configuration, credentials) turns \`NodesReady\` and \`Ready\` \`False\` before the first pod goes, and \`True\` when all pods have
  the change and are Ready.
- \`--for=jsonpath\` and programs of your own must compare generations themselves: first wait until \`status.observedGeneration\` is \`metadata.generation\`.
- What is no part of the spec has no generation. A changed Secret is noticed within half a minute, a block at the next poll (10 seconds, \`--poll\`).
  Wait for a block by its height, and then for all nodes to have it; both are of one look at the nodes:
  \`kubectl wait --for=jsonpath='{.status.height}'=101 btcnet/NAME && kubectl wait --for=condition=Synced btcnet/NAME\`.
- A network of no nodes is \`Ready=False\` with the reason \`Suspended\`: wait for \`--for=jsonpath='{.status.replicas}'=0\`.
- Give up early when a person must act: \`kubectl wait --for=condition=Stalled btcnet/NAME\` in the background tells it.

## Objects of a network

All are owned by the network, so the garbage collector removes them with it, and carry the labels \`app=NAME\` and \`app.kubernetes.io/{name,instance,managed-by,part-of}\`.
An object of one of these names that is not the network's own is never touched.

| object | content |
| --- | --- |
| Service \`NAME-svc\` | headless; gives each pod its name \`NAME-sts-N.NAME-svc\` |
| StatefulSet \`NAME-sts\` | one pod a node, started in parallel; container \`NAME-sts-ctr\` |
| Secret \`NAME-conf\` | \`bitcoin.conf\`, with a hash of the password and never the password |
| Secret \`NAME-rpc\` | without \`spec.secret\`: \`BC_RPC_USER\`, \`BC_RPC_PASSWORD\` and \`BC_RPC_SALT\`, made once |

RPC is on port 18443 and p2p on 18444 of each pod. Inside a pod \`bitcoin-cli -regtest -conf=/bitcoin.conf METHOD\` needs no password. A change of image, configuration or credentials rolls the
pods one by one. A changed Secret is noticed within half a minute.

## Events

| type | reasons |
| --- | --- |
| Normal | \`CreatedService\`, \`CreatedStatefulSet\`, \`Scaled\`, \`RolledOut\`, \`Connected\`, \`NodeReplaced\`, \`Repaired\` (somebody's change was put back) |
| Warning | \`CreationError\` (an object cannot be written; it is tried again), \`SecretMissing\`, \`SecretInvalid\`, \`NameConflict\`, \`InvalidConfig\`, \`Forbidden\`, \`ConnectionsLost\`, \`ForkDetected\`, \`NodeUnreachable\` |

One event for each transition, not one for each time that the controller looks. A transition that comes again within six minutes raises
the count of its event, which keeps its first message; what is true now is in the status. An event that comes all the time is written 25
times, and after that every five minutes with the count by then.
`;
