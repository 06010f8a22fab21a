/** Runs cases that mostly wait, some at once. */

/** Runs all, `atOnce` at a time, to the end; then throws what went wrong. */
export async function inParallel<T>(
  cases: readonly T[],
  atOnce: number,
  run: (one: T) => Promise<void>,
): Promise<void> {
  const left = [...cases];
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) {
      await run(one).catch((error) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} cases failed`);
}
