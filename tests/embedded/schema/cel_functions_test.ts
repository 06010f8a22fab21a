import assert from "node:assert/strict";

import { celEnvironment } from "../../../lib/embedded/schema/cel_functions.ts";

const environment = celEnvironment("dyn");

/** Expressions that are true in the real server. */
const TRUE: readonly string[] = [
  "'abc'.charAt(1) == 'b'",
  "'a.b.c'.replace('.', '-') == 'a-b-c'",
  "'a.b.c'.replace('.', '$&', 1) == 'a$&b.c'",
  "'a1b22'.find('[0-9]+') == '1'",
  "'abc'.find('[0-9]+') == ''",
  "'a1b22'.findAll('[0-9]+') == ['1', '22']",
  "'%s has %d%%'.format(['a', 5]) == 'a has 5%'",
  "isIP('10.0.0.1') && isIP('::1') && !isIP('10.0.0.256')",
  "isURL('http://a.b/c') && !isURL('a')",
  "[1, 2].sum() == 3",
  "[1, 0, 2].min() == 0 && ['a', 'b'].max() == 'b'",
  "[1, 1, 2].isSorted() && !['b', 'a'].isSorted()",
  "[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf(3) == -1",
  "isQuantity('10Gi') && !isQuantity('much')",
  "quantity('1Gi').isGreaterThan(quantity('1G'))",
  "quantity('100m').isLessThan(quantity('1'))",
  "quantity('1000m').compareTo(quantity('1')) == 0",
  "['a', 'b'].all(x, x.startsWith('a') || x.endsWith('b'))",
  "'abc'.matches('^a.c$')",
  "size('🟠') == 1",
];

for (const expression of TRUE) {
  Deno.test(`celEnvironment() evaluates ${expression} to true`, () => {
    assert.equal(environment.evaluate(expression), true);
  });
}

const WRONG: readonly string[] = [
  "[].min() == 0",
  "quantity('much').compareTo(quantity('1')) == 0",
];

for (const expression of WRONG) {
  Deno.test(`celEnvironment() cannot evaluate ${expression}`, () => {
    assert.throws(() => environment.evaluate(expression));
  });
}
