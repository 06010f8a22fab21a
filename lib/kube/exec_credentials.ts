/** Credentials that another program hands out: a credential plugin (`exec` in a kubeconfig). */

import { type Clock, deadline, systemClock } from "../time/mod.ts";
import { type ExecCredential, execInfo, parseExecCredential } from "./_exec_answer.ts";
import { runPlugin } from "./_exec_command.ts";
import { SharedRun } from "./_shared_run.ts";
import type { Credentials } from "./credentials.ts";
import { ConfigError } from "./errors.ts";
import type { ClientCertificate } from "./tls.ts";

const INSPECT = Symbol.for("Deno.customInspect");

/** Time that a plugin has, in ms. */
const TIMEOUT_MS = 60_000;

/** Time that it has when it may ask a person, in ms: long enough to log in with a browser. */
const INTERACTIVE_TIMEOUT_MS = 300_000;

/** How long an answer is used even if it has expired, in ms: one request asks for it several times until it is sent. */
const MIN_USE_MS = 1_000;

/** How much of a plugin's standard error goes into a message, in characters. */
const MAX_STDERR = 1000;

/** Whether a plugin may ask a person: not at all, if there is a terminal, or it must. */
export type InteractiveMode = "Never" | "IfAvailable" | "Always";

/** A plugin as it is configured. */
export interface ExecPlugin {
  /** How messages name it: `plugin 'aws' of user 'a' of kubeconfig '/k'`. */
  readonly title: string;
  /** Version of `ExecCredential` in which it is asked and must answer. */
  readonly apiVersion: string;
  /** Name of a program on `PATH`, or the path of one. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Environment variables that are set in addition to ours. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it may ask a person. */
  readonly interactiveMode: InteractiveMode;
  /** What to tell when the program is not there. */
  readonly installHint?: string | undefined;
  /** What it is told of the cluster (`provideClusterInfo`). */
  readonly cluster?: unknown;
}

/** One run of a plugin. */
export interface PluginCommand extends Pick<ExecPlugin, "command" | "args" | "env"> {
  /** Whether it may use our standard input and error. */
  readonly interactive: boolean;
}

/** How a run ended. */
export interface PluginOutcome {
  /** Exit code. */
  readonly code: number;
  /** All of its standard output, which holds secrets. */
  readonly stdout: string;
  /** Its standard error; empty if it could use ours. */
  readonly stderr: string;
}

/** Runs a command to its end, and ends it when the signal is aborted. Throws `Deno.errors.NotFound` if there is none. */
export type RunPlugin = (command: PluginCommand, signal: AbortSignal) => Promise<PluginOutcome>;

/** What {@linkcode ExecCredentials} are made of. */
export interface ExecCredentialsOptions {
  /** The plugin. */
  readonly plugin: ExecPlugin;
  /**
   * Runs it.
   *
   * @default {a child process}
   */
  readonly run?: RunPlugin | undefined;
  /**
   * Whether there is a person at our standard input.
   *
   * @default {Deno.stdin.isTerminal}
   */
  readonly isTerminal?: (() => boolean) | undefined;
  /**
   * Time source of expiry and deadline.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * A token, a client certificate, or both, from a plugin. It runs when the first request needs it, again when its answer
 * has expired and after the server has refused that answer; once at a time, however many requests wait for it. When
 * the last of these is given up, the plugin is ended.
 */
export class ExecCredentials implements Credentials {
  readonly #plugin: ExecPlugin;
  readonly #run: RunPlugin;
  readonly #isTerminal: () => boolean;
  readonly #clock: Clock;
  readonly #asking = new SharedRun((signal) => this.#ask(signal));
  #current: ExecCredential | undefined;
  /** Until when the current answer is used whatever it says of itself, in monotonic ms. */
  #freshUntilMs = Number.NEGATIVE_INFINITY;

  /** Keeps its arguments. */
  constructor(options: ExecCredentialsOptions) {
    this.#plugin = options.plugin;
    this.#run = options.run ?? runPlugin;
    this.#isTerminal = options.isTerminal ?? (() => Deno.stdin.isTerminal());
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * `Bearer` and the token; undefined if the plugin hands out only a certificate.
   *
   * @throws {ConfigError} if the plugin cannot be run, fails, or answers something else than a credential
   */
  async authorization(signal?: AbortSignal): Promise<string | undefined> {
    return (await this.#credential(signal)).authorization;
  }

  /**
   * The client certificate: the same object until there is a new one; undefined if the plugin hands out only a token.
   *
   * @throws {ConfigError} as {@linkcode ExecCredentials.authorization}
   */
  async certificate(signal?: AbortSignal): Promise<ClientCertificate | undefined> {
    return (await this.#credential(signal)).certificate;
  }

  /** Forgets the answer with this header, so that the next request asks again; one that is newer is kept. */
  rejected(authorization: string): void {
    if (this.#current?.authorization === authorization) this.#current = undefined;
  }

  /** The same for a client certificate. */
  rejectedCertificate(certificate: ClientCertificate): void {
    if (this.#current?.certificate === certificate) this.#current = undefined;
  }

  /** Shows the command and no secret. */
  [INSPECT](): string {
    return `ExecCredentials { command: ${JSON.stringify(this.#plugin.command)} }`;
  }

  async #credential(signal: AbortSignal | undefined): Promise<ExecCredential> {
    const { expiresAtMs = Infinity } = this.#current ?? {};
    const isGood = this.#clock.now() <= expiresAtMs ||
      this.#clock.monotonic() < this.#freshUntilMs;
    if (this.#current && isGood) return this.#current;
    return await this.#asking.join(signal);
  }

  async #ask(signal: AbortSignal): Promise<ExecCredential> {
    const { title, apiVersion, cluster } = this.#plugin;
    const interactive = this.#mayAsk();
    const { command, args, env } = this.#plugin;
    const info = execInfo(apiVersion, interactive, cluster);
    const { code, stdout, stderr } = await this.#runWithin(
      interactive ? INTERACTIVE_TIMEOUT_MS : TIMEOUT_MS,
      { command, args, env: { ...env, KUBERNETES_EXEC_INFO: info }, interactive },
      signal,
    );
    if (code !== 0) {
      const why = stderr.trim().slice(-MAX_STDERR);
      throw new ConfigError(
        `Cannot get credentials from ${title}: it ended with exit code ${code}${why && `: ${why}`}`,
      );
    }
    const answer = await parseExecCredential(stdout, apiVersion, title);
    this.#freshUntilMs = this.#clock.monotonic() + MIN_USE_MS;
    return this.#current = answer;
  }

  #mayAsk(): boolean {
    const { interactiveMode, title } = this.#plugin;
    if (interactiveMode === "Never") return false;
    const isTerminal = this.#isTerminal();
    if (interactiveMode === "Always" && !isTerminal) {
      throw new ConfigError(
        `Cannot run ${title}: it must ask a person ('interactiveMode' is 'Always'), ` +
          "and the standard input is no terminal",
      );
    }
    return isTerminal;
  }

  async #runWithin(
    timeoutMs: number,
    command: PluginCommand,
    signal: AbortSignal,
  ): Promise<PluginOutcome> {
    using limit = deadline(timeoutMs, signal, this.#clock);
    try {
      return await this.#run(command, limit.signal);
    } catch (cause) {
      const { title, installHint } = this.#plugin;
      if (signal.aborted) throw signal.reason;
      if (limit.signal.aborted) {
        throw new ConfigError(
          `Cannot get credentials from ${title}: it has not ended in ${timeoutMs / 1000} s`,
          { cause },
        );
      }
      const why = cause instanceof Error ? cause.message : String(cause);
      const isMissing = cause instanceof Deno.errors.NotFound;
      const hint = isMissing && installHint ? `\n${installHint.trim()}` : "";
      throw new ConfigError(`Cannot run ${title}: ${why}${hint}`, { cause });
    }
  }
}
