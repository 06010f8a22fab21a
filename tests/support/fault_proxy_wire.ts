/** HTTP/1.1 by hand, so that an answer can be broken at any byte: one request and one answer for each connection. */

/** A request as it came in. */
export interface WireRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  /** All headers. */
  readonly headers: Headers;
  /** The body; absent if there is none. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Reads the request of a connection; undefined if the client hung up before it was whole. */
export async function readRequest(connection: Deno.Conn): Promise<WireRequest | undefined> {
  let bytes = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const chunk = new Uint8Array(64 * 1024);
    const count = await connection.read(chunk);
    if (count !== null) bytes = joined(bytes, chunk.subarray(0, count));
    return count !== null;
  };
  let end: number;
  while ((end = indexOfBlankLine(bytes)) < 0) {
    if (!await more()) return undefined;
  }
  const [first = "", ...lines] = DECODER.decode(bytes.subarray(0, end)).split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  if (headers.has("transfer-encoding")) throw new Error("Cannot read a request body in chunks");
  const start = end + 4;
  const length = Number(headers.get("content-length") ?? 0);
  while (bytes.length < start + length) {
    if (!await more()) return undefined;
  }
  return {
    method,
    target,
    headers,
    body: length > 0 ? bytes.slice(start, start + length) : undefined,
  };
}

/** The client's side of a connection whose request was read: it takes the answer, whole or in pieces. */
export class WireAnswer {
  readonly #connection: Deno.Conn;
  readonly #hungUp = new AbortController();
  #isOpen = true;

  /** Writes to `connection`. */
  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Aborted when the client hangs up, or when the connection is closed here. */
  get hungUp(): AbortSignal {
    return this.#hungUp.signal;
  }

  /** Waits for the client to hang up: after its request it sends nothing more. */
  async watchForHangUp(): Promise<void> {
    try {
      while (await this.#connection.read(new Uint8Array(1024)) !== null);
    } catch {
      // Reset by the client, or closed here.
    }
    this.cut();
  }

  /** Sends the head of an answer whose body follows in chunks. */
  async head(status: number, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.text(
      `HTTP/1.1 ${status} ${status < 300 ? "OK" : "Trouble"}\r\n${lines.join("")}` +
        "transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
    );
  }

  /** Sends a piece of the body. */
  async chunk(piece: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const bytes = typeof piece === "string" ? ENCODER.encode(piece) : piece;
    if (bytes.length === 0) return;
    const size = ENCODER.encode(`${bytes.length.toString(16)}\r\n`);
    await this.#write(joined(joined(size, bytes), ENCODER.encode("\r\n")));
  }

  /** Ends the body in good order. */
  async end(): Promise<void> {
    await this.text("0\r\n\r\n");
    this.cut();
  }

  /** Sends text that need not be whole, nor HTTP. */
  async text(text: string): Promise<void> {
    await this.#write(ENCODER.encode(text));
  }

  /** Closes the connection as it is. */
  cut(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#hungUp.abort(new Error("The connection is closed"));
    this.#connection.close();
  }

  async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#hungUp.signal.throwIfAborted();
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }
}

function indexOfBlankLine(bytes: Uint8Array): number {
  for (let at = 3; at < bytes.length; at++) {
    const isBlank = bytes[at - 3] === 13 && bytes[at - 2] === 10 && bytes[at - 1] === 13 &&
      bytes[at] === 10;
    if (isBlank) return at - 3;
  }
  return -1;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
