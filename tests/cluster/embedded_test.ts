/** The suite on the embedded cluster, with the fake bitcoind and with the real one. */

import { CUSTOM_RESOURCE_DEFINITIONS } from "../../lib/kube/mod.ts";
import { customResourceDefinition } from "../../lib/network/mod.ts";
import { until } from "../support/eventually.ts";
import { toolSuite } from "../support/tools.ts";
import { Lab, RunningController } from "./lab.ts";
import { CASES, restsWithoutWrites } from "./suite.ts";
import { embedded, type StartTarget, type Target } from "./target.ts";

async function runSuite(t: Deno.TestContext, start: StartTarget): Promise<void> {
  await using target = await start();
  await install(target);
  {
    await using _controller = new RunningController(target);
    for (const [number, { name, run }] of CASES.entries()) {
      await t.step(name, async () => {
        const lab = new Lab(target, `case-${number}`);
        await lab.setUp();
        await run(lab);
      });
    }
  }
  await t.step(
    "a settled network costs no writes, and a restart none either",
    () => restsWithoutWrites(target),
  );
}

async function install({ client }: Target): Promise<void> {
  const definitions = client.resource(CUSTOM_RESOURCE_DEFINITIONS);
  await definitions.apply(customResourceDefinition(), { fieldManager: "test" });
  await until(
    definitions,
    (found) =>
      found.some(({ status }) =>
        status?.conditions?.some(({ type, status }) => type === "Established" && status === "True")
      ),
    { what: "the CRD to be established" },
  );
}

Deno.test("the controller on the embedded cluster with the fake bitcoind", (t) =>
  runSuite(t, embedded("fake")));

toolSuite(
  ["bitcoind", "bitcoin-cli"],
  "the controller on the embedded cluster with real bitcoind",
  (t) => runSuite(t, embedded("real")),
);
