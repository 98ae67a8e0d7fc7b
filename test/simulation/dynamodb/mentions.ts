import type { Input } from './database.ts';
import { invalid } from './faults.ts';
import type { Mentions } from './path.ts';

type Parsed = { mentions: Mentions } | undefined | '';

/** DynamoDB refuses names and values that are defined and used in none of the command's expressions. */
export function checkMentions(parsed: Parsed[], input: Input): void {
  const used = parsed.flatMap((expression) => (expression ? [expression.mentions] : []));
  for (const name in input.ExpressionAttributeNames) {
    if (!used.some(({ names }) => names.has(name))) {
      throw invalid(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${name}}`);
    }
  }
  for (const value in input.ExpressionAttributeValues) {
    if (!used.some(({ values }) => values.has(value))) {
      throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${value}}`);
    }
  }
  for (const { names, values } of used) {
    for (const name of names) {
      if (input.ExpressionAttributeNames?.[name] === undefined) {
        throw invalid(
          `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
    }
    for (const value of values) {
      if (input.ExpressionAttributeValues?.[value] === undefined) {
        throw invalid(
          `An expression attribute value used in expression is not defined; attribute value: ${value}`,
        );
      }
    }
  }
}
