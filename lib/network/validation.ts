/** Checks a network that the API server let through: an older CRD may allow what this program does not understand. */

import * as Value from "typebox/value";
import type { BitcoinNetwork } from "./resource.ts";
import { DEFAULT_IMAGE, MAX_NAME_LENGTH, SpecSchema } from "./schema.ts";
import { type Topology, topologyOf } from "./topology.ts";
import { topologyProblems } from "./topology_schema.ts";

/** A spec with its defaults. */
export interface Settings {
  /** Number of nodes. */
  readonly nodes: number;
  /** Name of the person's Secret; absent if the controller is to make one. */
  readonly secret: string | undefined;
  /** Container image. */
  readonly image: string;
  /** When it is pulled. */
  readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Which nodes are linked. */
  readonly topology: Topology;
}

/** What the CRD's rule says of names (DNS-1035 label, RFC 1035 section 2.3.1). */
const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** What is wrong with a network, for the person who wrote it; empty if nothing is. */
export function problemsOf(network: BitcoinNetwork): string[] {
  const name = network.metadata?.name ?? "";
  const ofName = NAME.test(name) && name.length <= MAX_NAME_LENGTH
    ? []
    : [`metadata.name: '${name}' is no DNS-1035 label of at most ${MAX_NAME_LENGTH} characters`];
  const ofSchema = Value.Errors(SpecSchema, network.spec)
    .map(({ instancePath, message }) => `spec${instancePath.replaceAll("/", ".")}: ${message}`);
  // The rules are written for what fits the schema.
  if (ofSchema.length > 0) return [...ofName, ...ofSchema];
  return [...ofName, ...topologyProblems(network.spec.topology ?? {}, network.spec.nodes)];
}

/** The spec of a network without problems, with its defaults. */
export function settingsOf({ spec }: BitcoinNetwork): Settings {
  return {
    nodes: spec.nodes,
    secret: spec.secret || undefined,
    image: spec.image ?? DEFAULT_IMAGE,
    imagePullPolicy: spec.imagePullPolicy ?? "IfNotPresent",
    topology: topologyOf(spec.topology),
  };
}
