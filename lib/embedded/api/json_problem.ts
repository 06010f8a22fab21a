/** What is wrong with a text that is no JSON, in the words of Go's `encoding/json`: the server's refusals quote them. */

/** The problem of a text that `JSON.parse` refuses; undefined if there is none. */
export function jsonProblem(text: string): string | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    scanner.end();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

const LITERALS = ["true", "false", "null"];

class Scanner {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): void {
    const char = this.#skipSpace();
    if (char === "{") return this.#object();
    if (char === "[") return this.#array();
    if (char === '"') return this.#string();
    if (/[-0-9]/.test(char)) return this.#number();
    const literal = LITERALS.find((word) => word.startsWith(char) && char !== "");
    if (literal === undefined) this.#fail("looking for beginning of value");
    else this.#literal(literal);
  }

  end(): void {
    if (this.#skipSpace() !== "") this.#fail("after top-level value");
  }

  #object(): void {
    this.#position++;
    if (this.#skipSpace() === "}") return this.#advance();
    for (;;) {
      if (this.#skipSpace() !== '"') this.#fail("looking for beginning of object key string");
      this.#string();
      if (this.#skipSpace() !== ":") this.#fail("after object key");
      this.#position++;
      this.value();
      const char = this.#skipSpace();
      if (char !== "," && char !== "}") this.#fail("after object key:value pair");
      this.#position++;
      if (char === "}") return;
    }
  }

  #array(): void {
    this.#position++;
    if (this.#skipSpace() === "]") return this.#advance();
    for (;;) {
      this.value();
      const char = this.#skipSpace();
      if (char !== "," && char !== "]") this.#fail("after array element");
      this.#position++;
      if (char === "]") return;
    }
  }

  #string(): void {
    this.#position++;
    for (;; this.#position++) {
      const char = this.#peek();
      if (char === '"') return this.#advance();
      if (char === "" || char < " ") this.#fail("in string literal");
      if (char !== "\\") continue;
      this.#position++;
      this.#escape();
    }
  }

  /** What comes after a backslash; ends at its last character. */
  #escape(): void {
    if (!/["\\/bfnrtu]/.test(this.#peek())) this.#fail("in string escape code");
    if (this.#peek() !== "u") return;
    for (let digit = 0; digit < 4; digit++) {
      this.#position++;
      if (!/[0-9a-fA-F]/.test(this.#peek())) this.#fail("in \\u hexadecimal character escape");
    }
  }

  #number(): void {
    const [number = ""] =
      /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.#text.slice(this.#position)) ?? [];
    this.#position += Math.max(1, number.length);
    if (number === "") this.#fail("in numeric literal");
  }

  #literal(word: string): void {
    for (const expected of word) {
      if (this.#peek() !== expected) this.#fail(`in literal ${word} (expecting '${expected}')`);
      this.#position++;
    }
  }

  #advance(): void {
    this.#position++;
  }

  #skipSpace(): string {
    while (/^[ \t\r\n]$/.test(this.#peek())) this.#position++;
    return this.#peek();
  }

  #peek(): string {
    return this.#text[this.#position] ?? "";
  }

  #fail(where: string): never {
    const char = this.#peek();
    if (char === "") throw new SyntaxError("unexpected end of JSON input");
    throw new SyntaxError(`invalid character '${char}' ${where}`);
  }
}
