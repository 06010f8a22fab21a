/** The programs that build images, and how each is told to: docker, podman and buildah. */

import { complaintOf, type Ran } from "./_program.ts";

/** What is to be built. */
export interface ImageRequest {
  /** Its name with its tag. */
  readonly name: string;
  /** `linux/amd64` or `linux/arm64`. */
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When it was made, in seconds since 1970; the same for the same commit, so that the image is. */
  readonly epochSeconds?: string | undefined;
}

/** The arguments of an engine. */
export interface EngineCommands {
  /** Succeeds if the engine can be used now. */
  readonly probe: readonly string[];
  /** Builds the image from the recipe, with the folder as its context. */
  readonly build: (request: ImageRequest, recipe: string, folder: string) => readonly string[];
  /** Prints the size of the image: in bytes, or as a person reads it. */
  readonly size: (name: string) => readonly string[];
  /** Writes the image to a file, in the format of `docker save`, which every runtime imports. */
  readonly save: (name: string, file: string) => readonly string[];
}

/** A program that builds images. */
export interface Engine {
  readonly name: string;
  readonly commands: EngineCommands;
}

/** In the order in which they are looked for. */
export const ENGINES: readonly Engine[] = [
  {
    name: "docker",
    commands: {
      // Without this the daemon is not asked.
      probe: ["version", "--format", "{{.Server.Version}}"],
      // Its builder, BuildKit, takes the time from SOURCE_DATE_EPOCH in its environment.
      build: (request, recipe, folder) => ["build", "--quiet", ...flagsOf(request, recipe), folder],
      size: (name) => ["image", "inspect", "--format", "{{.Size}}", name],
      save: (name, file) => ["save", "--output", file, name],
    },
  },
  {
    name: "podman",
    commands: {
      probe: ["info"],
      build: datedBuild,
      size: (name) => ["image", "inspect", "--format", "{{.Size}}", name],
      save: (name, file) => [
        "save",
        "--quiet",
        "--format=docker-archive",
        `--output=${file}`,
        name,
      ],
    },
  },
  {
    name: "buildah",
    commands: {
      probe: ["info"],
      build: datedBuild,
      size: (name) => ["images", "--format", "{{.Size}}", name],
      save: (name, file) => ["push", "--quiet", name, `docker-archive:${file}:${name}`],
    },
  },
];

function datedBuild(request: ImageRequest, recipe: string, folder: string): readonly string[] {
  const { epochSeconds } = request;
  const date = epochSeconds === undefined ? [] : [`--timestamp=${epochSeconds}`];
  return ["build", "--quiet", ...flagsOf(request, recipe), ...date, folder];
}

function flagsOf({ name, platform, labels }: ImageRequest, recipe: string): readonly string[] {
  return [
    `--file=${recipe}`,
    `--tag=${name}`,
    `--platform=${platform}`,
    ...Object.entries(labels).map(([label, value]) => `--label=${label}=${value}`),
  ];
}

/**
 * The first engine that can be used, or the wanted one.
 *
 * @throws {Error} if there is none; it says what each one lacks, and what to install
 */
export async function findEngine(
  run: (command: readonly string[]) => Promise<Ran>,
  wanted?: string,
): Promise<Engine> {
  const problems: string[] = [];
  for (const engine of ENGINES.filter(({ name }) => wanted === undefined || name === wanted)) {
    const ran = await run([engine.name, ...engine.commands.probe]);
    if (ran.ok) return engine;
    problems.push(`  ${engine.name}: ${complaintOf(ran)}`);
  }
  throw new Error(
    "Cannot build the image: no program that builds images can be used\n" +
      `${problems.join("\n")}\n` +
      "Install one, such as `apt-get install buildah`. A docker that is installed needs its daemon to run, and you the right to use it",
  );
}
