/** All resources that are served at the moment: the built-in ones, and those of established CRDs. */

import type { ApiObject } from "../object.ts";
import { builtInResources, REVIEWS } from "./built_in.ts";
import { customResources } from "./custom.ts";
import { DEFINITIONS, type Resource, type ReviewType } from "./resource.ts";

/** A group in one version, with what is in it. */
export interface GroupVersion {
  /** API group; empty for the core group. */
  readonly group: string;
  /** API version. */
  readonly version: string;
  /** Resources, in the order of discovery. */
  readonly resources: readonly Resource[];
  /** Resources that are not stored. */
  readonly reviews: readonly ReviewType[];
}

/** Finds resources by their URL, and lists them for discovery. */
export class Registry {
  readonly #builtIn = builtInResources();
  readonly #custom = new Map<string, readonly Resource[]>();
  #byPath = new Map<string, Resource>();
  #groupVersions: readonly GroupVersion[] = [];
  #generation = 0;

  /** Starts with the built-in resources. */
  constructor() {
    this.#index();
  }

  /** Counts the changes of what is served. */
  get generation(): number {
    return this.#generation;
  }

  /** Every group in every version, those of CRDs last; versions of a group stand together, the preferred one first. */
  get groupVersions(): readonly GroupVersion[] {
    return this.#groupVersions;
  }

  /** The resource that holds CRDs. */
  get definitions(): Resource {
    const found = this.#builtIn.find(({ collection }) => collection === DEFINITIONS);
    if (!found) {
      throw new TypeError("Cannot find the resource of CRDs: it is not among the built-in ones");
    }
    return found;
  }

  /** The resource with this group, version and plural name. */
  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** The resource that is answered and not stored, with this group, version and plural name. */
  findReview(group: string, version: string, plural: string): ReviewType | undefined {
    return REVIEWS.find((review) =>
      review.group === group && review.version === version && review.plural === plural
    );
  }

  /** Serves what a CRD describes, in place of what it described before. */
  serve(crd: ApiObject): void {
    this.#custom.set(crd.metadata.name ?? "", customResources(crd));
    this.#index();
  }

  /** Stops serving what a CRD described. */
  withdraw(crdName: string): void {
    if (this.#custom.delete(crdName)) this.#index();
  }

  #index(): void {
    this.#generation++;
    const custom = [...this.#custom.values()].flat();
    const all = [...this.#builtIn, ...custom];
    this.#byPath = new Map(
      all.map((resource) => [`${resource.group}/${resource.version}/${resource.plural}`, resource]),
    );
    this.#groupVersions = groupVersionsOf([...this.#builtIn, ...REVIEWS, ...custom]);
  }
}

function groupVersionsOf(all: readonly (Resource | ReviewType)[]): readonly GroupVersion[] {
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = all.filter((one) => one.group === group);
    const versions = [...new Set(own.map(({ version }) => version))].sort(compareVersions);
    return versions.map((version) => {
      const inVersion = own.filter((one) => one.version === version);
      return {
        group,
        version,
        resources: inVersion.filter((one) => "schema" in one),
        reviews: inVersion.filter((one) => !("schema" in one)),
      };
    });
  });
}

/** Orders versions as `k8s.io/apimachinery/pkg/version` does: `v2`, `v1`, `v1beta2`, `v1alpha1`, then any other by name. */
export function compareVersions(a: string, b: string): number {
  const first = parseVersion(a);
  const second = parseVersion(b);
  if (!first || !second) return Number(!first) - Number(!second) || (a < b ? -1 : Number(a > b));
  return second.stability - first.stability || second.major - first.major ||
    second.minor - first.minor;
}

function parseVersion(
  version: string,
): { stability: number; major: number; minor: number } | undefined {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return undefined;
  const stability = stage === undefined ? 2 : Number(stage === "beta");
  return { stability, major: Number(major), minor: Number(minor ?? 0) };
}
