/** Questions that are answered at once and never stored: who am I, and what may I. */

import { type Clock, rfc3339 } from "../../time/mod.ts";
import { builtInKind, managerName, updateManagedFields } from "../schema/mod.ts";
import { parseObject } from "./body.ts";
import type { RequestBody } from "./call.ts";
import { asObject, type JsonObject } from "./json.ts";
import { apiVersionOf, type ReviewType } from "./registry/resource.ts";

/** A question. */
export interface ReviewCall {
  /** Time source. */
  readonly clock: Clock;
  /** What is asked. */
  readonly review: ReviewType;
  /** Who asks. */
  readonly user: string;
  /** Parameters. */
  readonly query: URLSearchParams;
  /** Headers. */
  readonly headers: Headers;
  /** Body. */
  readonly body: RequestBody;
}

/** Everything is allowed to whoever gets as far as this. */
const STATUSES: Readonly<Record<string, (user: string) => JsonObject>> = {
  SelfSubjectAccessReview: () => ({ allowed: true }),
  SelfSubjectRulesReview: () => ({
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: false,
  }),
  SelfSubjectReview: (user) => ({ userInfo: { username: user, groups: ["system:authenticated"] } }),
};

/** Answers a question. */
export function answerReview(
  { clock, review, user, query, headers, body }: ReviewCall,
): JsonObject {
  const asked = parseObject(body, review.kind);
  const { group, version, kind } = review;
  const object = {
    kind,
    apiVersion: apiVersionOf(review),
    metadata: asObject(asked.metadata),
    ...(asked.spec === undefined ? {} : { spec: asked.spec }),
  };
  const schema = builtInKind(group, version, kind);
  const owned = schema
    ? updateManagedFields(schema, object, undefined, {
      manager: managerName(query.get("fieldManager"), headers.get("user-agent")),
      subresource: "",
      time: rfc3339(clock.now()),
    })
    : object;
  return { ...owned, status: STATUSES[kind]?.(user) ?? {} };
}
