/** A TCP connection in the middle that can be interrupted, as a network can. */

/** Carries bytes between its own port and another one of this machine, until it does not any more. */
export class TcpProxy implements AsyncDisposable {
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;
  #isCut = false;

  /** Starts to carry to `target`, a port. */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#serving = this.#serve();
  }

  /** Its own port. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** From now on nothing is carried, and nobody is told: connections stay open, and new ones are accepted. */
  cut(): void {
    this.#isCut = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) close(connection);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const carried: Promise<void>[] = [];
    for await (const client of this.#listener) carried.push(this.#connect(client));
    await Promise.all(carried);
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    this.#connections.add(client);
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#connections.add(server);
      await Promise.all([this.#carry(client, server), this.#carry(server, client)]);
    } catch {
      close(client); // Nobody listens there any more.
    }
  }

  /** Carries one way until that way ends. */
  async #carry(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        for (let sent = 0; sent < read && !this.#isCut;) {
          sent += await to.write(buffer.subarray(sent, read));
        }
      }
      if (!this.#isCut) await to.closeWrite();
    } catch {
      // One of the ends is gone: so is the other one.
      close(from);
      close(to);
    }
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
