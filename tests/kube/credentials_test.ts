import assert from "node:assert/strict";

import { BasicAuth, ConfigError, StaticToken, TokenFile } from "../../lib/kube/mod.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { rejection } from "./_support.ts";

/** A token file that the test writes; undefined is a file that is not there. */
class Scene {
  readonly clock = new FakeClock();
  content: string | undefined = "one\n";
  reads = 0;
  readonly token = new TokenFile({
    path: "/token",
    clock: this.clock,
    readFile: () => {
      this.reads++;
      return this.content === undefined
        ? Promise.reject(new Deno.errors.NotFound("no such file"))
        : Promise.resolve(this.content);
    },
  });
}

Deno.test("TokenFile trims the token and keeps it for 50 s", async () => {
  const s = new Scene();
  assert.equal(await s.token.authorization(), "Bearer one");
  s.content = "two";
  await s.clock.advance(49_999);
  assert.equal(await s.token.authorization(), "Bearer one");
  assert.equal(s.reads, 1);
  await s.clock.advance(1);
  assert.equal(await s.token.authorization(), "Bearer two");
});

for (const [what, content] of [["gone", undefined], ["empty", " \n"]] as const) {
  Deno.test(`TokenFile keeps the old token while its file is ${what}`, async () => {
    const s = new Scene();
    await s.token.authorization();
    s.content = content;
    await s.clock.advance(60_000);
    assert.equal(await s.token.authorization(), "Bearer one");
    s.content = "two";
    await s.clock.advance(60_000);
    assert.equal(await s.token.authorization(), "Bearer two");
  });
}

Deno.test("TokenFile reads the file again after its token was refused", async () => {
  const s = new Scene();
  s.token.rejected(await s.token.authorization());
  s.content = "two";
  assert.equal(await s.token.authorization(), "Bearer two");
});

Deno.test("TokenFile keeps a token that is newer than the refused one", async () => {
  const s = new Scene();
  const old = await s.token.authorization();
  s.content = "two";
  await s.clock.advance(60_000);
  await s.token.authorization();
  s.token.rejected(old);
  await s.token.authorization();
  assert.equal(s.reads, 2);
});

Deno.test("TokenFile throws a ConfigError when it never had a token", async () => {
  const s = new Scene();
  s.content = " ";
  const empty = await rejection(s.token.authorization(), ConfigError);
  assert.equal(empty.message, "Cannot read token file '/token': it is empty");
  s.content = undefined;
  const gone = await rejection(s.token.authorization(), ConfigError);
  assert.equal(gone.message, "Cannot read token file '/token': it does not exist");
  assert.ok(gone.cause instanceof Deno.errors.NotFound);
});

Deno.test("TokenFile takes no file with more than a token in it, and does not quote it", async () => {
  const s = new Scene();
  s.content = "hush\nhush";
  const odd = await rejection(s.token.authorization(), ConfigError);
  assert.equal(odd.message, "Cannot read token file '/token': it holds more than a token");
});

Deno.test("BasicAuth encodes names and passwords that are not ASCII", async () => {
  const header = await new BasicAuth("jürgen", "päss:😀").authorization();
  const bytes = Uint8Array.from(atob(header.slice(6)), (char) => char.charCodeAt(0));
  assert.equal(header.slice(0, 6), "Basic ");
  assert.equal(new TextDecoder().decode(bytes), "jürgen:päss:😀");
});

Deno.test("credentials show no secret when they are printed", async () => {
  const s = new Scene();
  s.content = "hush";
  await s.token.authorization();
  for (const value of [s.token, new StaticToken("hush"), new BasicAuth("u", "hush")]) {
    assert.doesNotMatch(Deno.inspect(value, { showHidden: true, depth: 9 }), /hush/);
    assert.doesNotMatch(JSON.stringify(value), /hush/);
  }
  assert.equal(Deno.inspect(s.token), 'TokenFile { path: "/token" }');
});
