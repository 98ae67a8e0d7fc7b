type Pattern = { [key: string]: Pattern | (string | { 'anything-but': string[] })[] };

/** Whether Lambda's filter lets a record through: the two forms that the template uses. */
export function isPassed(pattern: unknown, value: unknown): boolean {
  return Object.entries(pattern as Pattern).every(([key, wanted]) => {
    const found = (value as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(wanted)) return isPassed(wanted, found);
    return wanted.some((rule) =>
      typeof rule === 'string' ? found === rule : !rule['anything-but'].includes(String(found)),
    );
  });
}
