/** One change of one object, as histories keep it and watches send it. */

import type { ApiObject } from "../object.ts";

/** What happened to an object at one revision. */
export interface Change {
  /** Revision of the whole store that this change made. */
  readonly revision: number;
  /** Key of the object: `namespace/name` or `name`. */
  readonly key: string;
  /** The object after the change, or absent when it was removed. */
  readonly object?: ApiObject;
  /** The object before the change, or absent when it was added. */
  readonly previous?: ApiObject;
  /** The object with its revision, whether it is there still or was removed by this change. */
  readonly latest: ApiObject;
}
