import type { Command } from 'commander';
import { program } from '../../lib/cli/main.ts';
import { ruleNames } from '../../lib/domain/matching/match.ts';
import { everything, section } from './document.ts';

it.each(ruleNames)('the rule %s has a heading or paragraph that begins with it', (name) => {
  expect(section('docs/rules-and-catalog.md', 'The rules')).toMatch(
    new RegExp(`^(#+ .*\`${name}\`|\\*\\*[^*]*\`${name}\`[^*]*\\*\\*)`, 'm'),
  );
});

/** Every command that does something, as the words one types: `incidents show`. */
function leaves(command: Command, words: string[] = []): string[] {
  if (command.commands.length === 0) return [words.join(' ')];
  return command.commands.flatMap((member) => leaves(member, [...words, member.name()]));
}
const io = { out: () => {}, err: () => {}, environment: {}, now: Date.now };

it.each(leaves(program(io)))('the command `pdbridge %s` is shown somewhere', (words) => {
  expect(everything).toContain(`pdbridge ${words}`);
});
