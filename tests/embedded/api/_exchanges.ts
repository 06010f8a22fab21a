/** The captured exchanges with a real API server, as data. */

/** A request as it was sent. */
export interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer: a JSON body, a text, or the lines of a watch. */
export interface CapturedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly lines?: readonly unknown[];
}

/** One request and its answer. */
export interface Exchange {
  readonly name: string;
  readonly request: CapturedRequest;
  readonly response: CapturedResponse;
}

const FILE = new URL("../../fixtures/kubernetes-api.json", import.meta.url);

/** All exchanges, in the order in which they were made. */
export async function readExchanges(): Promise<readonly Exchange[]> {
  return JSON.parse(await Deno.readTextFile(FILE)).exchanges;
}
