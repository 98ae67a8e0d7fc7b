/** Values of rows, as far as they are what they should be. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const namesOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];

export function msOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
