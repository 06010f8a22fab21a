/** Programs that some tests need and that a machine may lack: such a test is skipped by name, or fails where `CI` is set. */

/** The path of a program in the folders of `PATH`, or of `folders`, which come first; undefined if it is in none. */
export function findTool(name: string, folders: readonly string[] = []): string | undefined {
  const path = (Deno.env.get("PATH") ?? "").split(":");
  return [...folders, ...path]
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => `${folder}/${name}`)
    .find(isExecutable);
}

/**
 * Defines a test that needs programs; it gets their paths, in their order. Without them it is ignored, but with `CI`
 * set it fails, so that nobody believes in tests that did not run.
 */
export function toolTest(
  tools: readonly string[],
  name: string,
  test: (...paths: string[]) => void | Promise<void>,
): void {
  toolSuite(tools, name, (_t, paths) => test(...paths));
}

/** Same as {@linkcode toolTest}, for a test with steps. */
export function toolSuite(
  tools: readonly string[],
  name: string,
  test: (t: Deno.TestContext, paths: readonly string[]) => void | Promise<void>,
): void {
  defineTest(tools, tools.map((tool) => findTool(tool)), name, test);
}

function defineTest(
  tools: readonly string[],
  paths: readonly (string | undefined)[],
  name: string,
  test: (t: Deno.TestContext, paths: readonly string[]) => void | Promise<void>,
): void {
  const missing = tools.filter((_, index) => paths[index] === undefined);
  Deno.test({
    name: `${name} [needs ${tools.join(", ")}]`,
    ignore: missing.length > 0 && !Deno.env.get("CI"),
    async fn(t) {
      if (missing.length > 0) throw new Error(`Not found: ${missing.join(", ")}`);
      await test(t, paths.filter((path) => path !== undefined));
    },
  });
}

/** What a real control plane is made of, in the folder that `KUBEBUILDER_ASSETS` names (the convention of envtest). */
const CONTROL_PLANE = ["etcd", "kube-apiserver", "kube-controller-manager"];

/**
 * Same as {@linkcode toolSuite}, for a test that needs a real control plane besides the tools; it gets the folder with
 * its programs first.
 */
export function controlPlaneSuite(
  tools: readonly string[],
  name: string,
  test: (t: Deno.TestContext, assets: string, paths: readonly string[]) => void | Promise<void>,
): void {
  const assets = Deno.env.get("KUBEBUILDER_ASSETS") ?? "";
  const parts = CONTROL_PLANE.map((part) => findTool(part, [assets]));
  defineTest(
    [...CONTROL_PLANE, ...tools],
    [...parts, ...tools.map((tool) => findTool(tool))],
    name,
    (t, paths) => test(t, assets, paths.slice(CONTROL_PLANE.length)),
  );
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false; // It is not there, or out of reach, and so cannot be run.
  }
}
