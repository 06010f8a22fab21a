/** The verb `create`. */

import { rfc3339 } from "../../../time/mod.ts";
import {
  applyDefaults,
  managerName,
  prepareForCreate,
  updateManagedFields,
  validateCreate,
} from "../../schema/mod.ts";
import { type Answer, type Call, collectionOf } from "../call.ts";
import { decodeBody } from "../decode.ts";
import type { JsonObject } from "../json.ts";
import { type ApiObject, asApiObject, storageKey, withMetadata } from "../object.ts";
import { parseWriteOptions } from "../options.ts";
import { kindSubject, resourceSubject } from "../registry/resource.ts";
import { alreadyExists, badRequest, internalError, invalid, WRONG_NAMESPACE } from "../status.ts";
import { store } from "./commit.ts";
import { checkNamespace } from "./namespace_check.ts";

/** Letters and digits of generated names: no vowels, so that no words come about (`k8s.io/apimachinery/pkg/util/rand`). */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH = 5;
/** Names are cut so that they stay within a DNS label together with their suffix. */
const MAX_PREFIX_LENGTH = 58;
/** How often a generated name that is taken is replaced by another one (`maxNameGenerationCreateAttempts`). */
const NAME_ATTEMPTS = 8;

/** Creates the object in the body. */
export function createObject(call: Call): Answer {
  const { query, resource, target, headers } = call;
  const options = parseWriteOptions(query, "CreateOptions");
  const { object: sent, warnings } = decodeBody(call, options);
  checkMetadata(sent, target.namespace);
  checkNamespace(call, sent.metadata.name ?? "");
  const named = withName(call, sent);
  const owned = updateManagedFields(
    resource.schema,
    applyDefaults(resource.schema, named),
    undefined,
    {
      manager: managerName(options.fieldManager, headers.get("user-agent")),
      subresource: "",
      time: rfc3339(call.state.clock.now()),
    },
  );
  return { code: 201, object: storeNew(call, owned, options.dryRun), warnings };
}

/**
 * Completes, checks and stores a new object that has its name, its defaults and its owners of fields.
 *
 * @throws {StatusError} 422 or 409
 */
export function storeNew(call: Call, object: JsonObject, dryRun: boolean): ApiObject {
  const { resource, state, target } = call;
  const complete = withMetadata(asApiObject(object), {
    namespace: target.namespace || undefined,
    uid: crypto.randomUUID(),
    creationTimestamp: rfc3339(state.clock.now()),
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
  const admitted = resource.admit?.(complete, state.storage) ?? complete;
  const prepared = asApiObject(prepareForCreate(resource.schema, admitted));
  const causes = validateCreate(resource.schema, prepared);
  const { name = "" } = prepared.metadata;
  if (causes.length > 0) throw invalid(kindSubject(resource), name, causes);
  if (collectionOf(call).get(storageKey(target.namespace, name))) {
    throw alreadyExists(resourceSubject(resource), name);
  }
  return store(call, prepared, dryRun);
}

function checkMetadata({ metadata }: ApiObject, namespace: string): void {
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest(WRONG_NAMESPACE);
  }
  if (metadata.resourceVersion) {
    throw internalError("resourceVersion should not be set on objects to be created");
  }
}

/** Gives an object a name that begins as it wishes, if it has none. */
function withName(call: Call, object: ApiObject): ApiObject {
  const { name, generateName } = object.metadata;
  if (name || !generateName) return object;
  const collection = collectionOf(call);
  let generated = "";
  for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
    generated = generateName.slice(0, MAX_PREFIX_LENGTH) + randomSuffix();
    if (!collection.get(storageKey(call.target.namespace, generated))) break;
  }
  return withMetadata(object, { name: generated });
}

function randomSuffix(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SUFFIX_LENGTH));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
