/** Hands each pod an address of its own on the loopback network, all of which is local on Linux (127.0.0.0/8). */

/** No address could be had; the message says why. */
export class NoFreeAddressError extends Error {
  /** Name of the class, for logs. */
  override readonly name = "NoFreeAddressError";
}

/** Whether all of `ports` can be bound on `address`. */
export type AddressProbe = (address: string, ports: readonly number[]) => boolean;

/** What an {@linkcode AddressAllocator} hands out. */
export interface AddressAllocatorOptions {
  /**
   * First two bytes of the addresses, such as `127.42`.
   *
   * @default {127.10 to 127.250, at random, so that two clusters on one machine rarely meet}
   */
  readonly prefix?: string;
  /**
   * How many addresses there are, from `.0.1` on.
   *
   * @default {65_534}
   */
  readonly size?: number;
  /**
   * Tests an address.
   *
   * @default {binds each port and lets go of it}
   */
  readonly isFree?: AddressProbe;
  /**
   * Random number from 0 up to 1.
   *
   * @default {Math.random}
   */
  readonly random?: () => number;
}

/** Addresses of a /16 without its first and its last. */
const RANGE_SIZE = 2 ** 16 - 2;

/**
 * How many taken addresses are tried before giving up: a server that listens on all addresses takes a port from every
 * one of them, and there is no use in asking 65,000 times.
 */
const MAX_TAKEN = 32;

/** Hands out the addresses of a range in order, and none for a second time before all have been handed out. */
export class AddressAllocator {
  /** First two bytes of all addresses. */
  readonly prefix: string;
  readonly #size: number;
  readonly #isFree: AddressProbe;
  readonly #inUse = new Set<string>();
  #next = 0;

  /** Creates an allocator that has handed out nothing. */
  constructor(options: AddressAllocatorOptions = {}) {
    const { random = Math.random } = options;
    this.prefix = options.prefix ?? `127.${10 + Math.floor(random() * 241)}`;
    this.#size = options.size ?? RANGE_SIZE;
    this.#isFree = options.isFree ?? canBind;
  }

  /**
   * An address that nobody has and on which all `ports` are free.
   *
   * @throws {NoFreeAddressError} if there is none
   */
  allocate(ports: readonly number[]): string {
    let taken = 0;
    for (let tried = 0; tried < this.#size && taken < MAX_TAKEN; tried++) {
      const address = this.#at(this.#next);
      this.#next = (this.#next + 1) % this.#size;
      if (this.#inUse.has(address)) continue;
      if (this.#isFree(address, ports)) {
        this.#inUse.add(address);
        return address;
      }
      taken++;
    }
    throw new NoFreeAddressError(
      taken === 0
        ? `no free address: all ${this.#size} addresses of ${this.prefix}.0.0/16 are in use`
        : `no free address: port ${
          ports.join(" or ")
        } cannot be bound on any of ${taken} addresses of ${this.prefix}.0.0/16`,
    );
  }

  /** Takes an address back. */
  release(address: string): void {
    this.#inUse.delete(address);
  }

  #at(index: number): string {
    const host = index + 1;
    return `${this.prefix}.${host >> 8}.${host & 255}`;
  }
}

function canBind(address: string, ports: readonly number[]): boolean {
  const listeners: Deno.Listener[] = [];
  try {
    // Port 0 finds out whether the address is one of this machine at all.
    for (const port of ports.length > 0 ? ports : [0]) {
      listeners.push(Deno.listen({ hostname: address, port }));
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    if (error instanceof Deno.errors.AddrNotAvailable) return false;
    if (error instanceof Deno.errors.PermissionDenied) return false; // A port below 1024, say.
    throw error;
  } finally {
    for (const listener of listeners) listener.close();
  }
}
