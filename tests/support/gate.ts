/**
 * A proxy that all calls of a program go through, to an API server and to whatever else it calls over plain HTTP, so that a
 * test can stop the world at one of them. The program gets {@linkcode Gate.url} as its API server, and as `HTTP_PROXY`.
 */

/** One call of the program. */
export interface GateCall {
  /** HTTP method. */
  readonly method: string;
  /** Where it goes: the API server has the gate's own address. */
  readonly url: URL;
  /** Whether it goes to the API server. */
  readonly isApi: boolean;
  /** Its body; empty if it has none. */
  readonly body: string;
}

/** Answers a call, or lets it pass with `forward`. */
export type Interception = (
  call: GateCall,
  forward: () => Promise<Response>,
) => Promise<Response>;

/** Where the API server is. */
export interface GateOptions {
  /** URL of the API server. */
  readonly server: string;
  /** The authority that signed its certificate, as PEM. */
  readonly caCert: string;
}

/** A running gate; disposing of it ends all calls that are under way. */
export class Gate implements AsyncDisposable {
  /** Sees each call. */
  intercept: Interception = (_call, forward) => forward();
  readonly #options: GateOptions;
  readonly #http: Deno.HttpClient;
  readonly #stop = new AbortController();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#http = Deno.createHttpClient({ caCerts: [options.caCert] });
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal: this.#stop.signal, onListen: () => {} },
      (request) => this.#serve(request),
    );
  }

  /** Opens it. */
  static open(options: GateOptions): Gate {
    return new Gate(options);
  }

  /** Its URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error("The gate is closed"));
    await this.#server.finished;
    this.#http.close();
  }

  async #serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const { method } = request;
    try {
      const call = { method, url, isApi: url.origin === this.url, body: await request.text() };
      return await this.intercept(call, () => this.#forward(call, request));
    } catch {
      // The program is gone, or what it called: it sees a broken gateway.
      return new Response(null, { status: 502 });
    }
  }

  async #forward({ url, isApi, method, body }: GateCall, request: Request): Promise<Response> {
    const target = isApi ? `${this.#options.server}${url.pathname}${url.search}` : url;
    const headers = new Headers(request.headers);
    headers.delete("host");
    // When the program hangs up, the body of the answer is cancelled, and that of a watch with it.
    const answer = await fetch(target, {
      method,
      headers,
      client: this.#http,
      redirect: "manual",
      signal: this.#stop.signal,
      ...(body !== "" && { body }),
    });
    // Its length and its coding are those of the way to here.
    const passed = new Headers(answer.headers);
    for (const name of ["content-encoding", "content-length"]) passed.delete(name);
    return new Response(answer.body, { status: answer.status, headers: passed });
  }
}
