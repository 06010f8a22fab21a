/** What a line of the log looks like, and what never stands in one. */

import assert from "node:assert/strict";
import { getLogger, reset, withContext } from "@logtape/logtape";
import { configureLogging } from "../../lib/cli/logging.ts";
import { fakeIo } from "../support/fake_io.ts";

const logger = getLogger(["bitcoin-controller", "test"]);

/** Everything that is written while `log` runs. */
async function linesOf(
  format: "text" | "json",
  log: () => void | Promise<void>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  await configureLogging(fakeIo(), {
    level: "debug",
    format,
    write: (line) => void lines.push(line),
  });
  try {
    await log();
  } finally {
    await reset();
  }
  return lines;
}

Deno.test("configureLogging() writes text with the fields behind a constant message", async () => {
  const [line] = await linesOf("text", () =>
    logger.warn("Cannot do a thing", {
      thing: "a",
      count: 2,
      error: new Error('it is "late"'),
    }));
  assert.match(
    line ?? "",
    /^\d{4}-\S+Z? \[WARNING\] test: Cannot do a thing thing=a count=2 error="it is \\"late\\""\n$/,
  );
});

Deno.test("configureLogging() writes JSON lines with the fields beside the message", async () => {
  const [line = ""] = await linesOf(
    "json",
    () => logger.info("Did a thing", { thing: "a", error: new Error("late") }),
  );
  assert.equal(line.at(-1), "\n");
  const { "@timestamp": time, error, ...rest } = JSON.parse(line);
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.equal(error.message, "late");
  assert.deepEqual(rest, {
    level: "INFO",
    message: "Did a thing",
    logger: "bitcoin-controller.test",
    thing: "a",
  });
});

Deno.test("configureLogging() puts the fields of a context into every line of it, across awaits, and no other", async () => {
  const lines = await linesOf("json", async () => {
    const run = (id: string, ms: number): Promise<void> =>
      withContext({ reconcileId: id }, async () => {
        logger.info("Begin");
        await new Promise((resolve) => setTimeout(resolve, ms));
        await Promise.all([
          (async () => {
            await Promise.resolve();
            logger.info("Part");
          })(),
          new Promise<void>((resolve) => queueMicrotask(resolve)).then(() => logger.info("Then")),
        ]);
      });
    await Promise.all([run("one", 2), run("two", 1)]);
    logger.info("Outside");
  });
  const told = lines.map((line) => JSON.parse(line));
  for (const id of ["one", "two"]) {
    const mine = told.filter(({ reconcileId }) => reconcileId === id).map(({ message }) => message);
    assert.deepEqual(mine.toSorted(), ["Begin", "Part", "Then"]);
  }
  assert.equal(told.find(({ message }) => message === "Outside").reconcileId, undefined);
});

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

const LEAKS: readonly (readonly [what: string, secret: string, fields: Record<string, unknown>])[] =
  [
    ["a field 'token'", "s3cr3t-value", { token: "s3cr3t-value" }],
    ["a field in a field", "s3cr3t-value", { user: { name: "a", clientKeyData: "s3cr3t-value" } }],
    ["a field 'rpcPassword'", "s3cr3t-value", { rpcPassword: "s3cr3t-value" }],
    ["a header", "s3cr3t-value", { headers: { Authorization: "Bearer s3cr3t-value" } }],
    ["a header in a text", "s3cr3t-value", { error: new Error("sent 'bearer s3cr3t-value'") }],
    ["Basic in a text", "dXNlcjpwYXNz", { said: "authorization: Basic dXNlcjpwYXNz" }],
    ["a service account's token", JWT, { said: `got ${JWT} back` }],
    [
      "a token in a path",
      "s3cr3t-value",
      {
        error: new Error("lost", {
          cause: new Error("error sending request for url (http://a:1/token/s3cr3t-value/api)"),
        }),
      },
    ],
    ["a password in a URL", "s3cr3t-value", { url: "http://user:s3cr3t-value@127.0.0.1/" }],
  ];

for (const [what, secret, fields] of LEAKS) {
  Deno.test(`configureLogging() hides ${what}`, async () => {
    for (const format of ["text", "json"] as const) {
      const [line = ""] = await linesOf(format, () => logger.error("Leaking", fields));
      assert.match(line, /Leaking/);
      assert.ok(!line.includes(secret), line);
      // Text has only the message of an error, and not its causes.
      if (format === "json") assert.match(line, /\[hidden\]|\[JWT REDACTED\]/);
    }
  });
}

Deno.test("configureLogging() leaves keys, names and addresses as they are", async () => {
  const fields = {
    key: "default/net",
    server: "https://10.0.0.1:443",
    path: "/api/v1/secrets/net-rpc",
    reconcileId: "0b7a",
  };
  const [line = ""] = await linesOf("json", () => logger.info("Fine", fields));
  const { key, server, path, reconcileId } = JSON.parse(line);
  assert.deepEqual({ key, server, path, reconcileId }, fields);
});
