/** Where `run` serves health and metrics: the option `--listen`. Pure. */

import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { Connection } from "../../kube/mod.ts";
import type { ListenAddress } from "../../server/mod.ts";

/** The port in a cluster, on all addresses of the pod: what `manifests/deployment.yaml` probes. */
const IN_CLUSTER: ListenAddress = { hostname: "", port: 8080 };

/** A name or an IPv4 address, an IPv6 address in brackets, or nothing; then the port. */
const PATTERN = /^(?:\[([0-9a-f:.]+)\]|([\w.-]*)):(\d{1,5})$/i;

/** Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `off`. */
export function listenOption(text: string): ListenAddress | "off" {
  if (text === "off") return text;
  const [, ipv6, host = "", digits] = PATTERN.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw new InvalidArgumentError("It must be HOST:PORT, [IPV6]:PORT, :PORT or off.");
  }
  return { hostname: ipv6 ?? host, port };
}

/** Where to listen; undefined for nowhere. On a person's machine nothing listens that nobody asked for. */
export function listenAddress(
  option: ListenAddress | "off" | undefined,
  { isInCluster }: Pick<Connection, "isInCluster">,
): ListenAddress | undefined {
  if (option === undefined) return isInCluster ? IN_CLUSTER : undefined;
  return option === "off" ? undefined : option;
}
