import type { Input } from './database.ts';
import { invalid } from './faults.ts';
import type { Mentions } from './path.ts';

type Parsed = { mentions: Mentions } | undefined | '';

function mentioned(parsed: readonly Parsed[], kind: keyof Mentions, placeholder: string): boolean {
  for (const expression of parsed) {
    if (!expression) continue;
    if (expression.mentions[kind].has(placeholder)) return true;
  }
  return false;
}

/** DynamoDB refuses names and values that are defined and used in none of the command's expressions. */
export function checkMentions(parsed: readonly Parsed[], input: Input): void {
  const { ExpressionAttributeNames: definedNames, ExpressionAttributeValues: definedValues } = input;
  for (const name in definedNames) {
    if (!mentioned(parsed, 'names', name)) {
      throw invalid(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${name}}`);
    }
  }
  for (const value in definedValues) {
    if (!mentioned(parsed, 'values', value)) {
      throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${value}}`);
    }
  }
  for (const expression of parsed) {
    if (!expression) continue;
    for (const name of expression.mentions.names) {
      if (definedNames?.[name] === undefined) {
        throw invalid(
          `An expression attribute name used in the document path is not defined; attribute name: ${name}`,
        );
      }
    }
    for (const value of expression.mentions.values) {
      if (definedValues?.[value] === undefined) {
        throw invalid(
          `An expression attribute value used in expression is not defined; attribute value: ${value}`,
        );
      }
    }
  }
}
