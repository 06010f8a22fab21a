import assert from "node:assert/strict";

import {
  ConfigError,
  ExecCredentials,
  type ExecPlugin,
  type PluginCommand,
  type PluginOutcome,
} from "../../lib/kube/mod.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { rejection } from "./_support.ts";
import { TLS } from "./_tls_files.ts";

const V1 = "client.authentication.k8s.io/v1";
const TITLE = "plugin 'p' of user 'a'";

/** A plugin that answers as the test says. */
class Scene {
  readonly clock = new FakeClock();
  readonly runs: PluginCommand[] = [];
  readonly plugin: ExecPlugin;
  /** What the next runs do. */
  answer: (signal: AbortSignal) => Promise<PluginOutcome> | PluginOutcome = () =>
    answer({ token: `t${this.runs.length}` });
  readonly credentials: ExecCredentials;

  constructor(more: Partial<ExecPlugin> = {}, isTerminal = false) {
    this.plugin = {
      title: TITLE,
      apiVersion: V1,
      command: "p",
      args: ["get"],
      env: { A: "1" },
      interactiveMode: "IfAvailable",
      ...more,
    };
    this.credentials = new ExecCredentials({
      plugin: this.plugin,
      clock: this.clock,
      isTerminal: () => isTerminal,
      run: async (command, signal) => {
        this.runs.push(command);
        return await this.answer(signal);
      },
    });
  }

  async complaint(outcome: PluginOutcome | Error): Promise<string> {
    this.answer = () => outcome instanceof Error ? Promise.reject(outcome) : outcome;
    return (await rejection(this.credentials.authorization(), ConfigError)).message;
  }
}

function answer(status: unknown, apiVersion = V1, kind = "ExecCredential"): PluginOutcome {
  return { code: 0, stderr: "", stdout: JSON.stringify({ apiVersion, kind, status }) };
}

const CERTIFICATE = {
  clientCertificateData: TLS.client.cert,
  clientKeyData: TLS.client.key,
};

// What it is asked

Deno.test("ExecCredentials tells the plugin what it may do and, if wanted, the cluster", async () => {
  const s = new Scene({ cluster: { server: "https://h" } }, true);
  await s.credentials.authorization();
  const [{ env = {}, ...rest } = {}] = s.runs;
  assert.deepEqual(rest, { command: "p", args: ["get"], interactive: true });
  assert.deepEqual(JSON.parse(env.KUBERNETES_EXEC_INFO ?? ""), {
    apiVersion: V1,
    kind: "ExecCredential",
    spec: { cluster: { server: "https://h" }, interactive: true },
  });
  assert.equal(env.A, "1");
});

for (
  const [mode, isTerminal, expected] of [
    ["Never", true, false],
    ["IfAvailable", true, true],
    ["IfAvailable", false, false],
    ["Always", true, true],
  ] as const
) {
  Deno.test(`ExecCredentials makes it ${expected} that a plugin with '${mode}' may ask a person when there being one is ${isTerminal}`, async () => {
    const s = new Scene({ interactiveMode: mode }, isTerminal);
    await s.credentials.authorization();
    assert.equal(s.runs[0]?.interactive, expected);
  });
}

Deno.test("ExecCredentials runs no plugin that must ask when nobody is there", async () => {
  const s = new Scene({ interactiveMode: "Always" });
  assert.match(await s.complaint(answer({ token: "t" })), /the standard input is no terminal$/);
  assert.equal(s.runs.length, 0);
});

// When it runs

Deno.test("ExecCredentials keeps a token that has no expiry", async () => {
  const s = new Scene();
  assert.equal(await s.credentials.authorization(), "Bearer t1");
  await s.clock.advance(1e9);
  assert.equal(await s.credentials.authorization(), "Bearer t1");
});

Deno.test("ExecCredentials asks again when the token has expired", async () => {
  const s = new Scene();
  const expirationTimestamp = new Date(s.clock.now() + 60_000).toISOString();
  s.answer = () => answer({ token: `t${s.runs.length}`, expirationTimestamp });
  await s.credentials.authorization();
  await s.clock.advance(60_000);
  assert.equal(await s.credentials.authorization(), "Bearer t1");
  await s.clock.advance(1);
  assert.equal(await s.credentials.authorization(), "Bearer t2");
});

Deno.test("ExecCredentials runs a plugin whose answers have expired already once for a request, not for each look", async () => {
  const s = new Scene();
  const expirationTimestamp = new Date(s.clock.now() - 60_000).toISOString();
  s.answer = () => answer({ token: "t", ...CERTIFICATE, expirationTimestamp });
  for (let look = 0; look < 2; look++) {
    assert.equal(await s.credentials.authorization(), "Bearer t");
    assert.deepEqual(await s.credentials.certificate(), TLS.client);
  }
  assert.equal(s.runs.length, 1);
  await s.clock.advance(1_000);
  await s.credentials.authorization();
  assert.equal(s.runs.length, 2);
  s.credentials.rejected("Bearer t");
  await s.credentials.authorization();
  assert.equal(s.runs.length, 3);
});

Deno.test("ExecCredentials asks once after a 401, however many requests got it", async () => {
  const s = new Scene();
  const old = await s.credentials.authorization() ?? "";
  s.credentials.rejected(old);
  assert.equal(await s.credentials.authorization(), "Bearer t2");
  s.credentials.rejected(old);
  assert.equal(await s.credentials.authorization(), "Bearer t2");
});

Deno.test("ExecCredentials asks again after a 401 to its certificate, unless there is a newer one", async () => {
  const s = new Scene();
  s.answer = () => answer(CERTIFICATE);
  const old = await s.credentials.certificate();
  assert.deepEqual(old, TLS.client);
  assert.equal(await s.credentials.authorization(), undefined);
  assert.ok(old);
  s.credentials.rejectedCertificate(old);
  assert.notEqual(await s.credentials.certificate(), old);
  s.credentials.rejectedCertificate(old);
  await s.credentials.certificate();
  assert.equal(s.runs.length, 2);
});

Deno.test("ExecCredentials runs the plugin once for all who wait, and ends it when the last one leaves", async () => {
  const s = new Scene();
  let ended = 0;
  s.answer = (signal) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        ended++;
        reject(signal.reason);
      })
    );
  const stops = [new AbortController(), new AbortController()];
  const waits = stops.map(({ signal }) => rejection(s.credentials.authorization(signal), Error));
  await settle();
  assert.equal(s.runs.length, 1);
  stops[0]?.abort(new Error("first"));
  assert.equal((await waits[0])?.message, "first");
  assert.equal(ended, 0);
  stops[1]?.abort(new Error("second"));
  assert.equal((await waits[1])?.message, "second");
  assert.equal(ended, 1);
  s.answer = () => answer({ token: "fresh" });
  assert.equal(await s.credentials.authorization(), "Bearer fresh");
});

Deno.test("ExecCredentials gives a plugin a minute, and five when it may ask a person", async () => {
  for (const [isTerminal, seconds] of [[false, 60], [true, 300]] as const) {
    const s = new Scene({}, isTerminal);
    s.answer = (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const failed = rejection(s.credentials.authorization(), ConfigError);
    await s.clock.advance(seconds * 1000 - 1);
    assert.equal(s.clock.sleeping, 1);
    await s.clock.advance(1);
    assert.equal(
      (await failed).message,
      `Cannot get credentials from ${TITLE}: it has not ended in ${seconds} s`,
    );
  }
});

// What it answers

Deno.test("ExecCredentials takes a token and a certificate together, and YAML", async () => {
  const s = new Scene({ apiVersion: "client.authentication.k8s.io/v1beta1" });
  s.answer = () => answer({ token: "t", ...CERTIFICATE }, s.plugin.apiVersion);
  assert.equal(await s.credentials.authorization(), "Bearer t");
  assert.deepEqual(await s.credentials.certificate(), TLS.client);
  s.credentials.rejected("Bearer t");
  const stdout = `apiVersion: ${s.plugin.apiVersion}\nkind: ExecCredential\nstatus: {token: y}\n`;
  s.answer = () => ({ code: 0, stdout, stderr: "" });
  assert.equal(await s.credentials.authorization(), "Bearer y");
});

const WRONG: [string, PluginOutcome, string][] = [
  ["no JSON", { code: 0, stdout: "hush: [", stderr: "" }, "it is no JSON object"],
  ["a text", { code: 0, stdout: "hush", stderr: "" }, "it is no JSON object"],
  ["another kind", answer({ token: "hush" }, V1, "Pod"), "its kind is not 'ExecCredential'"],
  [
    "another version",
    answer({ token: "hush" }, `${V1}beta1`),
    `its apiVersion is not '${V1}', for which it is configured`,
  ],
  ["no status", answer(undefined), "it has no 'status'"],
  ["nothing", answer({}), "it has neither a token nor a certificate"],
  ["a token that is no text", answer({ token: 1 }), "its 'status.token' is not text"],
  [
    "a token of two lines",
    answer({ token: "hush\nhush" }),
    "its 'status.token' holds more than a token",
  ],
  [
    "a certificate without its key",
    answer({ token: "hush", clientCertificateData: TLS.client.cert }),
    "it has only one of 'clientCertificateData' and 'clientKeyData'",
  ],
  [
    "a key without its certificate",
    answer({ clientKeyData: TLS.client.key }),
    "it has only one of 'clientCertificateData' and 'clientKeyData'",
  ],
  [
    "an expiry that is no time",
    answer({ token: "hush", expirationTimestamp: "soon" }),
    "its 'status.expirationTimestamp' is no time",
  ],
];

for (const [what, outcome, why] of WRONG) {
  Deno.test(`ExecCredentials refuses an answer with ${what}, and does not quote it`, async () => {
    const s = new Scene();
    assert.equal(await s.complaint(outcome), `Cannot use the answer of ${TITLE}: ${why}`);
    const error = await rejection(s.credentials.authorization(), ConfigError);
    assert.doesNotMatch(Deno.inspect(error, { depth: 9 }), /hush/);
  });
}

Deno.test("ExecCredentials refuses a certificate that is none", async () => {
  const status = { ...CERTIFICATE, clientKeyData: TLS.server.key };
  assert.equal(
    await new Scene().complaint(answer(status)),
    `Cannot use 'clientKeyData' of the answer of ${TITLE}: ` +
      `it is not the key of 'clientCertificateData' of the answer of ${TITLE}`,
  );
});

Deno.test("ExecCredentials tells a plugin's exit code and what it said, but not its answer", async () => {
  const s = new Scene();
  const said = await s.complaint({ code: 3, stdout: "hush", stderr: "please log in\n" });
  assert.equal(
    said,
    `Cannot get credentials from ${TITLE}: it ended with exit code 3: please log in`,
  );
  const mute = await s.complaint({ code: 1, stdout: "hush", stderr: "" });
  assert.equal(mute, `Cannot get credentials from ${TITLE}: it ended with exit code 1`);
});

Deno.test("ExecCredentials tells how to install a plugin that is not there", async () => {
  const missing = new Deno.errors.NotFound("no such file");
  const s = new Scene({ installHint: "Install it with\n  brew install p\n" });
  assert.equal(
    await s.complaint(missing),
    `Cannot run ${TITLE}: no such file\nInstall it with\n  brew install p`,
  );
  assert.equal(await new Scene().complaint(missing), `Cannot run ${TITLE}: no such file`);
  assert.equal(
    await s.complaint(new Deno.errors.NotCapable("Requires run access")),
    `Cannot run ${TITLE}: Requires run access`,
  );
});

Deno.test("ExecCredentials show no secret when they are printed", async () => {
  const s = new Scene({ env: { SECRET: "hush" } });
  s.answer = () => answer({ token: "hush" });
  await s.credentials.authorization();
  const text = Deno.inspect(s.credentials, { depth: 9, showHidden: true });
  assert.equal(text, 'ExecCredentials { command: "p" }');
  assert.doesNotMatch(JSON.stringify(s.credentials), /hush/);
});
