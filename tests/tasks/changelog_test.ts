import assert from "node:assert/strict";

import { entriesOf, notesOf } from "../../tasks/_changelog.ts";

const CHANGELOG = `# Changelog

What changes.

## [0.2.0] - Unreleased

## [0.1.1] - 2026-02-03

### Fixed

- a
- b

## [0.1.0] - 2026-01-31

### Added

- c
`;

Deno.test("entriesOf() tells each version, when it was released, and what it says", () => {
  assert.deepEqual(entriesOf(CHANGELOG), [
    { version: "0.2.0", date: undefined, text: "" },
    { version: "0.1.1", date: "2026-02-03", text: "### Fixed\n\n- a\n- b" },
    { version: "0.1.0", date: "2026-01-31", text: "### Added\n\n- c" },
  ]);
  assert.deepEqual(entriesOf("# Changelog\n\n## [Unreleased]\n"), [
    { version: "Unreleased", date: undefined, text: "" },
  ]);
});

Deno.test("entriesOf() refuses a heading that is none of a version", () => {
  assert.throws(() => entriesOf("# Changelog\n\n## 0.1.0\n"), {
    name: "SyntaxError",
    message: "'## 0.1.0' is no heading of a version",
  });
  assert.throws(() => entriesOf("## [0.1.0] - soon\n"), { message: "'soon' is no date" });
});

Deno.test("notesOf() gives what the CHANGELOG says of the version alone", () => {
  const release = { tag: "v0.1.1", version: "0.1.1", changelog: CHANGELOG };
  assert.equal(notesOf(release), "### Fixed\n\n- a\n- b\n");
});

for (
  const [what, release, why] of [
    [
      "another version's tag",
      { tag: "v0.1.0", version: "0.1.1" },
      "deno.json has the version 0.1.1",
    ],
    ["a tag without v", { tag: "0.1.1", version: "0.1.1" }, "deno.json has the version 0.1.1"],
    [
      "a version that the CHANGELOG does not know",
      { tag: "v9.0.0", version: "9.0.0" },
      "CHANGELOG.md has no '## [9.0.0] - YYYY-MM-DD'",
    ],
    [
      "a version that is not dated yet",
      { tag: "v0.2.0", version: "0.2.0" },
      "CHANGELOG.md has no date for 0.2.0",
    ],
    [
      "a version that the CHANGELOG says nothing about",
      { tag: "v1.0.0", version: "1.0.0", changelog: "## [1.0.0] - 2026-01-01\n" },
      "CHANGELOG.md says nothing about 1.0.0",
    ],
  ] as const
) {
  Deno.test(`notesOf() refuses ${what}`, () => {
    assert.throws(() => notesOf({ changelog: CHANGELOG, ...release }), {
      message: `Cannot release '${release.tag}': ${why}`,
    });
  });
}
