import assert from "node:assert/strict";

import {
  ConfigError,
  type FetchLike,
  KubeClient,
  TlsMaterial,
  type TlsMaterialInit,
  type TlsSource,
  TransportError,
} from "../../lib/kube/mod.ts";
import { CertificateAuthority, type Validity } from "../support/control_plane/mod.ts";
import { json, ScriptedServer } from "../support/scripted_server.ts";
import { startMutual } from "./_mutual_server.ts";
import { connectionTo, rejection } from "./_support.ts";
import { TLS, VERSION_1 } from "./_tls_files.ts";

const caCerts = [TLS.ca];

Deno.test("a client trusts the authority it is given", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json({ ok: true }));
  const tls = new TlsMaterial({ caCerts });
  using client = new KubeClient(connectionTo(`https://${server.address}`, { tls }));
  assert.deepEqual(await client.request({ path: "/x" }), { ok: true });
});

Deno.test("a client refuses a server whose authority it does not know", async () => {
  await using server = new ScriptedServer(TLS.server);
  using client = new KubeClient(connectionTo(`https://${server.address}`));
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  assert.match(
    error.message,
    /: the server's certificate is not signed by any of the built-in web roots \(UnknownIssuer\): /,
  );
  assert.ok(error.cause instanceof Error);
});

/** From so many hours after now until so many hours after it. */
function hours(from: number, until: number): Validity {
  const at = (count: number): Date => new Date(Date.now() + count * 3_600_000);
  return { notBefore: at(from), notAfter: at(until) };
}

Deno.test("a client tells an authority that is another one's from a clock that is wrong", async (t) => {
  const authority = await CertificateAuthority.create("kubernetes");
  const sameName = await CertificateAuthority.create("kubernetes");
  const otherName = await CertificateAuthority.create("another");
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
  const now = `and by the clock of this machine it is ${time}`;
  const notSigned = (code: string): string =>
    String.raw`is not signed by certificate authority '/ca\.crt' \(${code}\): ` +
    "check the address and the authority, one of them is another cluster's";
  const cases: readonly (readonly [string, CertificateAuthority, Validity, string])[] = [
    ["of the same name", sameName, hours(-1, 1), notSigned("BadSignature")],
    ["of another name", otherName, hours(-1, 1), notSigned("UnknownIssuer")],
    [
      "an hour after its end",
      authority,
      hours(-2, -1),
      `was valid until ${time}, ${now}: set the clock if it is fast, else renew the certificate`,
    ],
    [
      "an hour before its beginning",
      authority,
      hours(1, 2),
      `is valid from ${time} on, ${now}: set the clock, which is probably slow`,
    ],
  ];
  const messageFrom = async (validity: Validity, init: TlsMaterialInit): Promise<string> => {
    await using server = new ScriptedServer(await authority.issueServer("server", validity));
    const tls = new TlsMaterial({ ...init, caOrigin: "certificate authority '/ca.crt'" });
    using client = new KubeClient(connectionTo(`https://${server.address}`, { tls }));
    const failed = client.request({ method: "POST", path: "/x" });
    const { message } = await rejection(failed, TransportError);
    assert.equal(server.requests.length, 0);
    return message;
  };
  for (const [what, { cert }, validity, expected] of cases) {
    await t.step(what, async () => {
      assert.match(
        await messageFrom(validity, { caCerts: [cert] }),
        new RegExp(`^Cannot POST '/x': the server's certificate ${expected}$`),
      );
      // Where it checks another name, it is not told which of the two it is.
      assert.equal(
        await messageFrom(validity, { caCerts: [cert], serverName: "localhost" }),
        "Cannot POST '/x': the server's certificate is not signed by certificate authority '/ca.crt', " +
          "or not valid now: check the address, the authority and the clock of this machine",
      );
    });
  }
});

Deno.test("a client shows its certificate to a server that asks for one", async () => {
  await using server = await startMutual();
  const tls = new TlsMaterial({ caCerts, ...TLS.client });
  using client = new KubeClient(connectionTo(server.url, { tls }));
  assert.equal(await client.request({ path: "/x" }), "test-client");
  using stranger = new KubeClient(
    connectionTo(server.url, { tls: new TlsMaterial({ caCerts }) }),
  );
  await rejection(stranger.request({ method: "POST", path: "/x" }), TransportError);
});

Deno.test("a client opens new connections when its certificates have changed", async () => {
  await using server = await startMutual();
  const known = new TlsMaterial({ caCerts, ...TLS.client });
  const stranger = new TlsMaterial({ caCerts });
  let now = known;
  const tls: TlsSource = { current: () => Promise.resolve(now), rejected() {} };
  using client = new KubeClient(connectionTo(server.url, { tls }));
  const ask = () => client.request({ method: "POST", path: "/x" });
  assert.equal(await ask(), "test-client");
  now = stranger;
  await rejection(ask(), TransportError);
  now = known;
  assert.equal(await ask(), "test-client");
});

Deno.test("a client says so when the certificate of a server is of X.509 version 1", async () => {
  await using server = await startMutual({ own: VERSION_1 });
  const tls = new TlsMaterial({ caCerts, ...TLS.client });
  using client = new KubeClient(connectionTo(server.url, { tls }));
  const error = await rejection(client.request({ method: "POST", path: "/x" }), TransportError);
  assert.equal(
    error.message,
    "Cannot POST '/x': the server's certificate is of X.509 version 1; issue it as version 3",
  );
});

Deno.test("a client that is closed opens new connections when it is used again", async () => {
  await using server = new ScriptedServer(TLS.server).answer(json(1), json(2));
  const tls = new TlsMaterial({ caCerts });
  using client = new KubeClient(connectionTo(`https://${server.address}`, { tls }));
  assert.equal(await client.request({ path: "/x" }), 1);
  client.close();
  assert.equal(await client.request({ path: "/x" }), 2);
});

Deno.test("a client leaves a connection on which a deadline has passed", async () => {
  const used = new Set<Deno.HttpClient | undefined>();
  const fetch: FetchLike = (_url, { client, signal }) => {
    used.add(client);
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
  };
  using client = new KubeClient(connectionTo("https://127.0.0.1"), {
    fetch,
    timeoutMs: 5,
  });
  for (let i = 0; i < 2; i++) {
    const error = await rejection(client.request({ path: "/x" }), TransportError);
    assert.equal(error.timedOut, true);
  }
  await rejection(client.stream({ path: "/x" }), TransportError);
  assert.equal(used.size, 3);
});

Deno.test("a client throws a ConfigError that names the connection when its certificates are wrong", async () => {
  const tls = new TlsMaterial({ cert: "no", key: "certificate" });
  using client = new KubeClient(connectionTo("https://127.0.0.1", { tls }));
  const error = await rejection(client.request({ path: "/x" }), ConfigError);
  assert.match(error.message, /^Cannot use the certificates of a test: /);
});

Deno.test("TLS material shows no key when it is printed", () => {
  const text = Deno.inspect(new TlsMaterial({ caCerts, ...TLS.client }), { showHidden: true });
  assert.equal(text, "TlsMaterial { caCerts: 1, clientCertificate: true }");
});
