/** An HTTP server on the loopback that answers as a test says, and keeps what it was asked. */

/** A request that came in, whole. */
export interface SeenRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** Parsed if it is JSON, else text; empty text for none. */
  readonly body: unknown;
}

/** Makes the answer to a request. */
export type Answer = (request: SeenRequest) => Response | Promise<Response>;

/** Answers requests in the order of the script; one that is beyond its end gets a 500 and fails the test when it is disposed of. */
export class ScriptedServer implements AsyncDisposable {
  /** What was asked, in order. */
  readonly requests: SeenRequest[] = [];
  readonly #script: Answer[] = [];
  readonly #surprises: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Starts listening; `tls` makes it speak HTTPS. */
  constructor(tls?: { readonly cert: string; readonly key: string }) {
    const handler = (request: Request): Promise<Response> => this.#handle(request);
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = tls ? Deno.serve({ ...options, ...tls }, handler) : Deno.serve(options, handler);
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  /** URL without a slash at its end. */
  get url(): string {
    return `http://${this.address}`;
  }

  /** Adds the next answers. */
  answer(...answers: (Answer | Response)[]): this {
    for (const answer of answers) {
      this.#script.push(typeof answer === "function" ? answer : () => answer);
    }
    return this;
  }

  /** The paths with their queries, in order, for short comparisons. */
  get asked(): string[] {
    return this.requests.map(({ method, path, query }) => {
      const text = new URLSearchParams(query).toString();
      return `${method} ${path}${text && `?${decodeURIComponent(text)}`}`;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    if (this.#surprises.length > 0) {
      throw new Error(`Requests beyond the script: ${this.#surprises.join(", ")}`);
    }
  }

  async #handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const text = await request.text();
    const isJson = text !== "" && /json|yaml/.test(request.headers.get("content-type") ?? "");
    const seen: SeenRequest = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: isJson ? JSON.parse(text) : text,
    };
    this.requests.push(seen);
    const answer = this.#script.shift();
    if (answer) return await answer(seen);
    this.#surprises.push(`${seen.method} ${seen.path}`);
    return new Response("The script is at its end", { status: 500 });
  }
}

/** A body that the test sends piece by piece. */
export class LiveBody {
  readonly #sent = Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>();
  readonly #cancelled = Promise.withResolvers<void>();
  /** Goes into a `Response`. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>> = new ReadableStream({
    start: (controller) => this.#sent.resolve(controller),
    cancel: () => this.#cancelled.resolve(),
  });

  /** Resolves when the client has hung up. */
  get cancelled(): Promise<void> {
    return this.#cancelled.promise;
  }

  /** Sends text as it is, or values as lines of JSON. */
  async send(...pieces: (string | Uint8Array<ArrayBuffer> | object)[]): Promise<void> {
    const controller = await this.#sent.promise;
    for (const piece of pieces) controller.enqueue(bytesOf(piece));
  }

  /** Ends the body in good order. */
  async end(): Promise<void> {
    (await this.#sent.promise).close();
  }

  /** Breaks the connection. */
  async fail(error: Error): Promise<void> {
    (await this.#sent.promise).error(error);
  }

  /** The answer that carries it. */
  response(): Response {
    return new Response(this.stream, { headers: { "content-type": "application/json" } });
  }
}

function bytesOf(piece: string | Uint8Array<ArrayBuffer> | object): Uint8Array<ArrayBuffer> {
  if (piece instanceof Uint8Array) return piece;
  return new TextEncoder().encode(
    typeof piece === "string" ? piece : `${JSON.stringify(piece)}\n`,
  );
}

/** A JSON answer. */
export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

/** A watch that brings these events and ends. */
export function watchOf(...events: object[]): Response {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  return new Response(lines, { headers: { "content-type": "application/json" } });
}

/** An error as the API server words it. */
export function failure(code: number, reason: string, extra: object = {}): Response {
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason };
  return json({ ...status, message: `the message of ${reason}`, ...extra }, { status: code });
}

/** A TCP server on the loopback that treats each connection as a test says, and then closes it. */
export class RawServer implements AsyncDisposable {
  /** How many connections there were. */
  connections = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #accepting: Promise<void>;

  /** Starts listening. A connection is handed over with the first bytes of its request. */
  constructor(treat: (connection: Deno.TcpConn, first: Uint8Array) => unknown = () => {}) {
    this.#accepting = this.#accept(treat);
  }

  /** URL without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
  }

  async #accept(
    treat: (connection: Deno.TcpConn, first: Uint8Array) => unknown,
  ): Promise<void> {
    for await (const connection of this.#listener) {
      this.connections++;
      const buffer = new Uint8Array(4096);
      const size = await connection.read(buffer) ?? 0;
      await treat(connection, buffer.subarray(0, size));
      connection.close();
    }
  }
}
