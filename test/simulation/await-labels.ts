import type { Input } from './dynamodb/database.ts';

interface Place {
  label: string | undefined;
  further: Map<string, Place>;
}

/** By everything a label is made of, one part after the other: a key of all of them is too long to be made each time. */
const known: Place = { label: undefined, further: new Map() };

function placeOf(parts: readonly string[]): Place {
  let place = known;
  for (const part of parts) {
    let next = place.further.get(part);
    if (!next) {
      next = { label: undefined, further: new Map() };
      place.further.set(part, next);
    }
    place = next;
  }
  return place;
}

/**
 * Names an await by what it is for, not by the line it stands on: operation, table, what it sets and on which
 * condition. The same purpose keeps its name when code moves.
 */
export function labelOf(
  role: string,
  operation: string,
  input: Input,
  shortTable: (name: string) => string,
): string {
  const condition = input.ConditionExpression ?? input.KeyConditionExpression ?? '';
  const where = input.TableName ?? Object.keys(input.RequestItems ?? {}).join('+');
  const kind = kindOf(operation, input);
  const { IndexName = '', UpdateExpression = '', FilterExpression = '' } = input;
  const place = placeOf([role, kind, where, IndexName, UpdateExpression, condition, FilterExpression]);
  if (place.label === undefined) {
    const table = where.split('+').map(shortTable).join('+');
    const index = IndexName ? `.${IndexName}` : '';
    const purpose = [purposeOf(UpdateExpression), condition && `if ${plain(condition)}`]
      .filter(Boolean)
      .join(' ');
    place.label = `${role} ${kind} ${table}${index}${purpose ? ` ${purpose}` : ''}`;
  }
  return place.label;
}

/** A query for one row cannot meet what one for many can. */
export const kindOf = (operation: string, input: Input): string =>
  operation === 'Query' && input.Limit === 1 && !input.ExclusiveStartKey ? 'Query one' : operation;

const plain = (expression: string): string => expression.replace(/#/g, '').replace(/\s+/g, ' ');

/** What it sets, adds or else removes first: enough to tell purposes apart, little enough to survive optional attributes. */
function purposeOf(update: string | undefined): string {
  if (!update) return '';
  // With it goes whatever has changed.
  if (/\bREMOVE\b[^A-Z]*#lease_owner\b/.test(update)) return 'give the lease back';
  const clauses = [...update.matchAll(/\b(SET|REMOVE|ADD|DELETE)\s+#?(\w+)/g)].map(
    ([, clause = '', attribute = '']) => ({ clause: clause.toLowerCase(), attribute }),
  );
  const whole = (update.match(/,/g)?.length ?? 0) > 12;
  const told = clauses.filter(({ clause }) => clause !== 'remove');
  return (told.length > 0 ? told : clauses)
    .map(({ clause, attribute }) =>
      whole && clause === 'set' ? 'set the whole row' : `${clause} ${attribute}`,
    )
    .join(', ');
}
