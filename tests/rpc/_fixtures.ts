/** What a real bitcoind 30.99 answered. */

import fixtures from "../fixtures/bitcoind-rpc.json" with { type: "json" };

/** An HTTP answer with its body as it came. */
export interface CapturedAnswer {
  readonly http: number;
  readonly body: string;
}

/** Answers to requests that failed, by what was wrong. */
export const ERRORS: Readonly<Record<keyof typeof fixtures._errors, CapturedAnswer>> =
  fixtures._errors;

/** Results by method. */
export const RESULTS: Readonly<Record<string, unknown>> = fixtures;
