import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import type { Io } from '../../lib/cli/io.ts';
import { program } from '../../lib/cli/main.ts';
import { run } from '../local/child-process.ts';
import { pdbridge } from './run-cli.ts';

/** Every command that does something, as the words one types: `incidents show`. */
function leaves(command: Command, words: string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[words.join(' '), command]];
  return command.commands.flatMap((member) => leaves(member, [...words, member.name()]));
}
const io: Io = { out: () => {}, err: () => {}, environment: {}, now: Date.now };
const all = leaves(program(io));

describe('the command line', () => {
  it.each(readdirSync('lib/cli/commands'))('has the command of %s', async (file) => {
    const module: Record<string, unknown> = await import(`../../lib/cli/commands/${file}`);
    const makers = Object.entries(module).filter(([name]) => name.endsWith('Command'));
    const names = makers.map(([, make]) => (make as (terminal: Io) => Command)(io).name());
    expect(program(io).commands.map((each) => each.name())).toEqual(expect.arrayContaining(names));
  });

  it.each(all)('`%s` takes --json and has a help with an example of itself', async (words, command) => {
    expect(command.options.map((option) => option.long)).toContain('--json');
    const { code, out } = await pdbridge([...words.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`\nExample:\n  pdbridge ${words}`);
  });

  it.each([
    ['no command', [], /Usage: pdbridge/],
    ['an unknown command', ['triger'], /Did you mean trigger/],
    ['a group without its command', ['config'], /Usage: pdbridge config/],
    ['an unknown option', ['config', 'validate', '--strict'], /unknown option '--strict'/],
    ['too many arguments', ['config', 'validate', 'a', 'b'], /too many arguments/],
    ['a required option missing', ['verify', '--secret', 's'], /required option '--signature/],
  ])('ends with 2 on %s and says what is wrong', async (_, args, message) => {
    const { code, out, err } = await pdbridge(args);
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('says a failure in JSON too when asked for JSON', async () => {
    const { code, err, json } = await pdbridge(['config', 'validate', '/not/there.yml', '--json']);
    expect(code).toBe(1);
    expect(err).toContain('/not/there.yml does not exist');
    expect(json()).toEqual({ error: 'unreadable', message: expect.stringContaining('/not/there.yml') });
  });
});

describe('the program `pdbridge`', () => {
  it('runs as a process of its own, with the exit code of the command', async () => {
    const help = run(process.execPath, ['lib/cli/pdbridge.mjs', '--help']);
    expect(await help.ended).toBe(0);
    expect(help.lines[0]).toBe('Usage: pdbridge [options] [command]');
    expect(help.errors()).toBe('');
    const wrong = run(process.execPath, ['lib/cli/pdbridge.mjs', 'nothing']);
    expect(await wrong.ended).toBe(2);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const child = run('sh', [
      '-c',
      `${process.execPath} lib/cli/pdbridge.mjs trigger --list | head -c 1 >/dev/null`,
    ]);
    await child.ended;
    expect(child.errors()).toBe('');
  });
});
