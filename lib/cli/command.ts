import { Command } from 'commander';
import type { Io } from './io.ts';

/** A command with what all of them share: `--json`, an example in its help, exit code 2 for wrong usage. */
export function command(io: Io, nameAndArguments: string, description: string, examples: string[]): Command {
  return bareCommand(io, nameAndArguments, description)
    .option('--json', 'print JSON for machines')
    .addHelpText('after', `\nExample:\n${examples.map((example) => `  pdbridge ${example}`).join('\n')}`);
}

/** A command that only holds others, such as `catalog`. */
export function group(io: Io, name: string, description: string, members: Command[]): Command {
  const holder = bareCommand(io, name, description);
  for (const member of members) holder.addCommand(member);
  return holder;
}

function bareCommand(io: Io, nameAndArguments: string, description: string): Command {
  const [name = '', ...rest] = nameAndArguments.split(' ');
  const made = new Command(name)
    .description(description)
    .allowExcessArguments(false)
    // `dora deployment --version 1.4.2` is the version of a service, not a question about this program's.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('Add --help to see what the command takes.')
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
    });
  return rest.length > 0 ? made.arguments(rest.join(' ')) : made;
}

/** For an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
