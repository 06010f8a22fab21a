/** `run` on a machine whose clock is not that of the API server. */

import assert from "node:assert/strict";
import { runProgram } from "../../../lib/cli/mod.ts";
import { CertificateAuthority } from "../../support/control_plane/mod.ts";
import { eventually } from "../../support/eventually.ts";
import { json } from "../../support/scripted_server.ts";
import { hangingServer } from "./_hanging_server.ts";
import { ioOf, podFor } from "./_pod.ts";

Deno.test("run goes on, and warns once, when its clock is an hour ahead of the API server's", async () => {
  const authority = await CertificateAuthority.create();
  const date = new Date(Date.now() - 3_600_000).toUTCString();
  const version = json({ gitVersion: "v1.34.0" }, { headers: { date } });
  await using hanging = hangingServer([version], await authority.issueServer());
  const [, port = ""] = hanging.server.address.split(":");
  const stop = new AbortController();
  const io = ioOf(podFor(port, authority.cert), stop.signal);
  const ended = runProgram(["run", "--listen", "off"], io);
  await eventually(() => hanging.server.asked.some((request) => /\/pods\b/.test(request)), {
    what: "it to list pods",
  });
  stop.abort(new Error("The test is over"));
  assert.equal(await ended, 0);
  const warnings = io.stderr().split("\n").filter((line) => line.includes("WARNING"));
  assert.equal(warnings.length, 1, io.stderr());
  assert.match(
    warnings[0] ?? "",
    /The clock of this machine and that of the API server differ server="?the service account of this pod"? aheadSeconds=360\d$/,
  );
});
