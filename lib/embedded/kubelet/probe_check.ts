/** One check of a probe: runs a command, asks over HTTP, or connects. */

import type { Container, HTTPGetAction, Probe } from "kubernetes-types/core/v1.d.ts";

import { abortable, type Clock, deadline } from "../../time/mod.ts";
import { messageOf } from "./_message_of.ts";
import type { ProbeResult } from "./probes.ts";
import type { RunningContainer } from "./runtime.ts";

/** What a check came to. */
export interface CheckOutcome {
  /** Whether it passed. */
  readonly result: ProbeResult;
  /** What went wrong, for people; empty if nothing did. */
  readonly message: string;
}

/** What is checked. */
export interface CheckTarget {
  /** The container as the pod's spec has it; names its ports. */
  readonly spec: Container;
  /** Its running instance. */
  readonly running: RunningContainer;
  /** Address of the pod. */
  readonly ip: string;
  /** Time source. */
  readonly clock: Clock;
}

/** Output of a command that is shown, in characters (kubelet `maxReadLength` is 10 kB; an event holds 1 kB). */
const MAX_OUTPUT = 900;

const PASSED: CheckOutcome = { result: "success", message: "" };

/** Makes one check. It comes back in time even if what it calls does not. */
export async function checkOnce(
  probe: Probe,
  target: CheckTarget,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const late: CheckOutcome = {
    result: "failure",
    message: probe.exec
      ? `command timed out: ${JSON.stringify(probe.exec.command?.join(" "))} timed out after ${
        timeoutMs / 1000
      }s`
      : `no answer from ${target.ip} within ${timeoutMs / 1000}s`,
  };
  using limit = deadline(timeoutMs, signal, target.clock);
  try {
    return await abortable(check(probe, target, limit.signal), limit.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.signal.aborted) return late;
    return { result: "error", message: messageOf(error) };
  }
}

async function check(
  probe: Probe,
  target: CheckTarget,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const { exec, httpGet, tcpSocket } = probe;
  if (exec) {
    const { exitCode, output } = await target.running.exec(exec.command ?? [], signal);
    return exitCode === 0 ? PASSED : failed(output.slice(0, MAX_OUTPUT));
  }
  if (httpGet) return await getOnce(httpGet, portOf(target.spec, httpGet.port), target.ip, signal);
  if (tcpSocket) {
    const hostname = tcpSocket.host || target.ip;
    return await connectOnce(hostname, portOf(target.spec, tcpSocket.port), signal);
  }
  throw new RangeError("the probe is of a kind that this kubelet does not support");
}

async function getOnce(
  action: HTTPGetAction,
  port: number,
  ip: string,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const { scheme = "HTTP", host, path = "/", httpHeaders = [] } = action;
  const url = `${scheme.toLowerCase()}://${host || ip}:${port}/${path.replace(/^\//, "")}`;
  const headers = httpHeaders.map(({ name, value }): [string, string] => [name, value]);
  try {
    const response = await fetch(url, { headers, redirect: "manual", signal });
    await response.body?.cancel();
    if (response.status >= 200 && response.status < 400) return PASSED;
    return failed(`HTTP probe failed with statuscode: ${response.status}`);
  } catch (error) {
    signal.throwIfAborted();
    return failed(`Get ${JSON.stringify(url)}: ${messageOf(error)}`);
  }
}

async function connectOnce(
  hostname: string,
  port: number,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  try {
    const connection = await Deno.connect({ hostname, port, signal });
    connection.close();
    return PASSED;
  } catch (error) {
    signal.throwIfAborted();
    return failed(`dial tcp ${hostname}:${port}: ${messageOf(error)}`);
  }
}

function portOf(container: Container, port: number | string): number {
  const named = container.ports?.find(({ name }) => name === port)?.containerPort;
  const number = named ?? Number(port);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new RangeError(`the container has no port '${port}'`);
}

function failed(message: string): CheckOutcome {
  return { result: "failure", message };
}
