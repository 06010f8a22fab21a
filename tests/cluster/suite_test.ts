/** The suite on the embedded cluster, with the fake bitcoind and with the real one, and on a real control plane. */

import { controlPlaneSuite, toolSuite } from "../support/tools.ts";
import { Lab, RunningController } from "./lab.ts";
import { Output } from "./output.ts";
import { CASES, restsWithoutWrites } from "./suite.ts";
import { embedded, real, type StartTarget } from "./target.ts";

async function runSuite(t: Deno.TestContext, start: StartTarget): Promise<void> {
  await using target = await start();
  await using output = await Output.collect(target);
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
  await t.step(
    "no secret stands in the log at its lowest level, or in an object that is no Secret",
    () => output.assertHoldsNoSecret(),
  );
}

Deno.test("the controller on the embedded cluster with the fake bitcoind", (t) =>
  runSuite(t, embedded("fake")));

toolSuite(
  ["bitcoind", "bitcoin-cli"],
  "the controller on the embedded cluster with real bitcoind",
  (t) => runSuite(t, embedded("real")),
);

controlPlaneSuite(
  ["bitcoind", "bitcoin-cli"],
  "the controller on a real control plane with real bitcoind",
  (t, assets) => runSuite(t, real(assets, "real")),
);
