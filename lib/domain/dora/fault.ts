/** What is wrong with a request, for whoever sees it in the log of a CI job. */
export interface Fault {
  /** JSON pointer into the request's body; empty for the whole of it. */
  pointer: string;
  /** Names the field and the rule it breaks. */
  detail: string;
}

/** What a request says, or everything that is wrong with it. */
export type Read<T> = { value: T; faults?: never } | { value?: never; faults: readonly Fault[] };

export const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const kinds: Record<string, string> = {
    bigint: 'a number',
    number: 'a number',
    string: 'a text',
    boolean: `${value}`,
    object: 'an object',
  };
  return kinds[typeof value] ?? 'nothing';
};
