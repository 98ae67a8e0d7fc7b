import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { showGiven } from './show-given.ts';

type Issue = z.core.$ZodIssue;

export interface Explained {
  path: PropertyKey[];
  message: string;
}

/** zod's findings as sentences that name the key and the remedy. A value is repeated only where it cannot be a secret. */
export function explainIssue(
  issue: Issue,
  knownKeys: (path: PropertyKey[]) => string[],
  /** Where a key would be right, as the end of a sentence. */
  elsewhere: (path: PropertyKey[], key: string) => string | undefined = () => undefined,
): Explained[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: `unknown key ${quoted(showGiven(key))}${elsewhere(issue.path, key) ?? nearest(key, knownKeys(issue.path))}`,
      }));
    case 'invalid_value':
      return [{ path: issue.path, message: oneOf(issue) }];
    case 'invalid_type':
      return [{ path: issue.path, message: typeMessage(issue) }];
    case 'too_small':
      return [
        {
          path: issue.path,
          message: issue.message.startsWith('Too small') ? smallest(issue) : issue.message,
        },
      ];
    case 'too_big':
      return [
        {
          path: issue.path,
          message: issue.message.startsWith('Too big') ? `must be at most ${issue.maximum}` : issue.message,
        },
      ];
    case 'invalid_union':
      return fittingBranch(issue).flatMap((inner) =>
        explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, knownKeys, elsewhere),
      );
    case 'invalid_key':
      // The key of a table; what is wrong with it stands inside.
      return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [{ path: issue.path, message: issue.message }];
  }
}

/** Of a value that may be of several kinds, what is wrong with it as the kind it seems to be. */
function fittingBranch({ errors }: Extract<Issue, { code: 'invalid_union' }>): Issue[] {
  const ofAnotherKind = (issues: Issue[]) =>
    issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0);
  return errors.find((issues) => !ofAnotherKind(issues)) ?? errors[0] ?? [];
}

function oneOf(issue: Extract<Issue, { code: 'invalid_value' }>): string {
  const values = issue.values.map(String);
  if (issue.input === undefined) return `is missing; must be ${listed(values)}`;
  const hint = typeof issue.input === 'string' ? nearest(issue.input, values) : '';
  const given = typeof issue.input === 'string' ? showGiven(issue.input) : issue.input;
  return `must be ${listed(values)}, not ${quoted(given)}${hint}`;
}

function typeMessage(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  if (!issue.message.startsWith('Invalid input')) return issue.message;
  const wanted = withArticle(issue.expected);
  return issue.input === undefined
    ? `is missing; must be ${wanted}`
    : `must be ${wanted}, not ${kindOf(issue.input)}`;
}

function smallest(issue: Extract<Issue, { code: 'too_small' }>): string {
  if (issue.origin === 'string') return 'must not be empty';
  return issue.inclusive ? `must be at least ${issue.minimum}` : `must be more than ${issue.minimum}`;
}

/** `; did you mean "unmatched"?`, or the whole list when nothing is near: the nearest would be as good as any. */
function nearest(word: string, known: string[]): string {
  if (known.length === 0) return '';
  const holding = known.filter((each) => word.length >= 3 && each.includes(word.toLowerCase()));
  const best = closest(word, holding.length > 0 ? holding : known);
  return holding.length > 0 || distance(word, best) <= Math.max(2, Math.ceil(word.length / 2))
    ? `; did you mean ${quoted(best)}?`
    : `; known are ${known.join(', ')}`;
}

const names: Record<string, string> = {
  string: 'a text (in quotes if it looks like something else)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  array: 'a list',
};

const withArticle = (expected: string): string => names[expected] ?? expected;

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping of keys' : `a ${typeof value}`;
}

const quoted = (value: unknown): string => JSON.stringify(value);

const listed = (values: string[]): string => {
  const last = values.at(-1) ?? '';
  return values.length < 2
    ? quoted(last)
    : `${values.slice(0, -1).map(quoted).join(', ')} or ${quoted(last)}`;
};
