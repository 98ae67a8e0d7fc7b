import * as z from 'zod';
import type { Problem } from './format.ts';
import { comparableName, longestName } from './names.ts';

const mostNames = 200;

const notText = ({ input }: { input: unknown }): string => {
  if (input === undefined) return 'is missing';
  if (input === null) return 'is empty';
  const written =
    typeof input === 'number' || typeof input === 'boolean' ? ` ${String(input)}; put it in quotes` : '';
  return `must be text, but is ${typeOf(input)}${written}`;
};

const notObject = ({ input }: { input: unknown }): string =>
  input === undefined || input === null
    ? 'is missing'
    : `must be a mapping of keys to values, but is ${typeOf(input)}`;

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

/** A name that incidents can be matched by. */
export const name = z
  .string({ error: notText })
  .trim()
  .min(1, 'is empty')
  .refine(
    (text) => text === '' || comparableName(text) !== undefined,
    `is longer than ${longestName} characters`,
  );

export const blankIsAbsent = (value: unknown): unknown =>
  value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;

/** A name that may be left out; blank is the same as absent. */
export const optionalName = z.preprocess(blankIsAbsent, name.optional());

export const optionalText = z.preprocess(
  (value) => value ?? undefined,
  z.string({ error: notText }).trim().optional(),
);

/** Vendors add keys at any time, so unknown ones are normal. */
export const mapping = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.looseObject(shape, { error: notObject });

/** A mapping that may be left out or be empty. */
export const optionalMapping = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => value ?? undefined, mapping(shape).optional());

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => value ?? undefined,
    z
      .array(item, { error: ({ input }) => `must be a list, but is ${typeOf(input)}` })
      .max(mostNames, `has more than ${mostNames} entries`)
      .optional(),
  );

/** Text that tells where the PagerDuty service is, not looked into yet; blank is the same as absent. */
export const linkText = z.preprocess(blankIsAbsent, z.string({ error: notText }).trim().optional());

/** A mapping with a key that other versions spell otherwise; under their spelling it would silently be missing. */
export const linkUnder = (key: string, otherSpellings: readonly string[]) =>
  optionalMapping({ [key]: linkText }).refine(
    (value) => value?.[key] !== undefined || !otherSpellings.some((other) => other in (value ?? {})),
    `has another spelling of ${key}, which is its name in this version`,
  );

/** What zod found, as problems with a place. */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map(({ path, message }) => ({
    severity: 'error',
    path,
    reason: path.length === 0 ? `the document ${message}` : `${path.join('.')} ${message}`,
  }));
}
