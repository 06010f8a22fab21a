/** One node of an OpenAPI v3 schema, as Kubernetes writes them. */

import type { Json } from "./json.ts";

/** A rule in the Common Expression Language. */
export interface ValidationRule {
  /** Expression over `self`, and `oldSelf` for a transition. */
  readonly rule: string;
  /** What to say when it does not hold. */
  readonly message?: string;
  /** Expression for what to say. */
  readonly messageExpression?: string;
  /** Kind of mistake, such as `FieldValueForbidden`. */
  readonly reason?: string;
  /** Path of the field to blame, such as `.spec.nodes`. */
  readonly fieldPath?: string;
  /** Whether a rule with `oldSelf` is also evaluated when there is no old value. */
  readonly optionalOldSelf?: boolean;
}

/** A schema as it stands in a document. References are names of definitions. */
export interface SchemaSource {
  /** Name of a definition; what stands beside it is added to it. */
  readonly $ref?: string;
  /** For people. */
  readonly description?: string;
  /** JSON type; absent where anything goes. */
  readonly type?: string;
  /** Narrows the type, such as `int32` or `date-time`. */
  readonly format?: string;
  /** Whether null is as good as a value. */
  readonly nullable?: boolean;
  /** Value of an absent field. */
  readonly default?: Json;
  /** All values there are. */
  readonly enum?: readonly Json[];
  /** Lower bound. */
  readonly minimum?: number;
  /** Upper bound. */
  readonly maximum?: number;
  /** Whether the lower bound is itself too low. */
  readonly exclusiveMinimum?: boolean;
  /** Whether the upper bound is itself too high. */
  readonly exclusiveMaximum?: boolean;
  /** What a number must be a multiple of. */
  readonly multipleOf?: number;
  /** Shortest string, in code points. */
  readonly minLength?: number;
  /** Longest string, in code points. */
  readonly maxLength?: number;
  /** Regular expression that a string must match somewhere. */
  readonly pattern?: string;
  /** Fewest items. */
  readonly minItems?: number;
  /** Most items. */
  readonly maxItems?: number;
  /** Whether no item may be there twice. */
  readonly uniqueItems?: boolean;
  /** Fewest members. */
  readonly minProperties?: number;
  /** Most members. */
  readonly maxProperties?: number;
  /** Members that must be there. */
  readonly required?: readonly string[];
  /** Members by name. */
  readonly properties?: Readonly<Record<string, SchemaSource>>;
  /** Any other member; false forbids them. */
  readonly additionalProperties?: SchemaSource | boolean;
  /** Items of an array. */
  readonly items?: SchemaSource;
  /** All must hold. */
  readonly allOf?: readonly SchemaSource[];
  /** One must hold. */
  readonly anyOf?: readonly SchemaSource[];
  /** Exactly one must hold. */
  readonly oneOf?: readonly SchemaSource[];
  /** Must not hold. */
  readonly not?: SchemaSource;
  /** Whether unknown fields are kept. */
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  /** Whether the value is an object with apiVersion, kind and metadata. */
  readonly "x-kubernetes-embedded-resource"?: boolean;
  /** Whether the value is a number or a string. */
  readonly "x-kubernetes-int-or-string"?: boolean;
  /** How items are told apart: `atomic`, `set` or `map`. */
  readonly "x-kubernetes-list-type"?: string;
  /** Members that tell the items of a `map` list apart. */
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  /** `atomic` or `granular`. */
  readonly "x-kubernetes-map-type"?: string;
  /** `merge`, `replace`, `retainKeys`, or two of them with a comma between. */
  readonly "x-kubernetes-patch-strategy"?: string;
  /** Member by which a strategic merge patch tells items apart. */
  readonly "x-kubernetes-patch-merge-key"?: string;
  /** Rules in the Common Expression Language. */
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
  /** Kinds that the schema is of. */
  readonly "x-kubernetes-group-version-kind"?: readonly {
    /** API group; empty for the core group. */
    readonly group: string;
    /** Version. */
    readonly version: string;
    /** Kind. */
    readonly kind: string;
  }[];
}

/** Name of the definition of points in time, in whole seconds. */
export const TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
/** Name of the definition of points in time with microseconds. */
export const MICRO_TIME = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";
/** Name of the definition of quantities, such as `100m`. */
export const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
/** Name of the definition of any JSON object in an object of another kind. */
export const RAW_EXTENSION = "io.k8s.apimachinery.pkg.runtime.RawExtension";
/** Name of the definition of the metadata that all objects have. */
export const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** The last part of a definition's name, which is the name of its Go type: `PodSpec`. */
export function shortName(definition: string): string {
  return definition.slice(definition.lastIndexOf(".") + 1);
}

/** Definitions by name. */
export type Definitions = Readonly<Record<string, SchemaSource>>;

/**
 * A schema with its references resolved. Children are made when they are first asked for and then kept, so that
 * recursive definitions are no trouble, and a schema that is never used costs nothing.
 */
export class Schema {
  readonly #given: SchemaSource;
  readonly #definitions: Definitions;
  #source: SchemaSource | undefined;
  readonly #children = new Map<string, Schema | undefined>();

  /** Views a schema whose references are names in `definitions`. */
  constructor(source: SchemaSource, definitions: Definitions = {}) {
    this.#given = source;
    this.#definitions = definitions;
  }

  /** The keywords of this node: those of the definition that it refers to, and its own. */
  get source(): SchemaSource {
    return this.#source ??= resolve(this.#given, this.#definitions);
  }

  /** Name of the definition that this node refers to. */
  get definition(): string | undefined {
    return this.#given.$ref;
  }

  /** The schema of a member: its own, or the one of all other members; undefined if the member is not known. */
  child(name: string): Schema | undefined {
    return this.property(name) ?? this.additional;
  }

  /** The schema of a member that is known by its name. */
  property(name: string): Schema | undefined {
    const properties = this.source.properties;
    if (!properties || !Object.hasOwn(properties, name)) return undefined;
    return this.#child(`.${name}`, properties[name]);
  }

  /** Names of the members that are known. */
  get propertyNames(): readonly string[] {
    return Object.keys(this.source.properties ?? {});
  }

  /** The schema of members that are not known by name. */
  get additional(): Schema | undefined {
    const additional = this.source.additionalProperties;
    return this.#child("{}", additional === true ? {} : additional || undefined);
  }

  /** The schema of the items of an array. */
  get items(): Schema | undefined {
    return this.#child("[]", this.source.items);
  }

  /** A schema that is part of this node, such as an alternative in `anyOf`. */
  part(source: SchemaSource): Schema {
    return new Schema(source, this.#definitions);
  }

  #child(key: string, source: SchemaSource | undefined): Schema | undefined {
    let child = this.#children.get(key);
    if (!child && source) {
      child = new Schema(source, this.#definitions);
      this.#children.set(key, child);
    }
    return child;
  }
}

function resolve(source: SchemaSource, definitions: Definitions): SchemaSource {
  const { $ref, ...own } = source;
  if ($ref === undefined) return source;
  const definition = definitions[$ref];
  if (!definition) {
    throw new RangeError(`Cannot resolve schema '${$ref}': there is no such definition`);
  }
  return { ...resolve(definition, definitions), ...own };
}
