/** The rights of the controller as the tables of docs/security.md, in the form that `deno fmt` leaves alone. */

import type { Right } from "../lib/network/mod.ts";

/** A Markdown table of rights. */
export function rightsTable(rights: readonly Right[]): string {
  const rows = rights.map(({ apiGroup, resource, verbs, resourceNames, why }) => [
    `\`${resource}\`${apiGroup ? ` (${apiGroup})` : ""}${
      resourceNames ? `, only \`${resourceNames.join("`, `")}\`` : ""
    }`,
    verbs.map((verb) => `\`${verb}\``).join(", "),
    why,
  ]);
  return table(["resource", "verbs", "what for"], rows);
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  return [line(head), line(head.map(() => ""), "-"), ...rows.map((row) => line(row))].join("\n");
}

/**
 * A document with the text between `<!-- NAME -->` and `<!-- end -->` replaced.
 *
 * @throws {RangeError} if the document has no such part
 */
export function replacePart(document: string, name: string, text: string): string {
  const begin = `<!-- ${name} -->\n`;
  const start = document.indexOf(begin);
  const end = document.indexOf("<!-- end -->", start);
  if (start < 0 || end < 0) throw new RangeError(`Cannot write '${name}': the document lacks it`);
  return `${document.slice(0, start)}${begin}\n${text}\n\n${document.slice(end)}`;
}
