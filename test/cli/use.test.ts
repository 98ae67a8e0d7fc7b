import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { pdbridge } from './run-cli.ts';

const home = () => ({ HOME: temporaryFolder(), BRIDGE_DATA_DIR: 'memory' });
/** Is told what it is to work on, and refuses its other options before it looks for that. */
const lists = (environment: Record<string, string>, ...args: string[]) =>
  pdbridge(['deliveries', 'ls', '--limit', 'none', ...args], { environment });

describe('pdbridge use', () => {
  it('says what commands work on, chooses it, and lets it go', async () => {
    const environment = home();
    const use = (...args: string[]) => pdbridge(['use', ...args], { environment });
    expect((await use()).out).toBe('Commands work on the bridge on this machine.\n');
    expect((await use('prod', '--region', 'eu-central-1')).out).toBe(
      'Commands work on the stage prod in eu-central-1.\n',
    );
    expect((await use()).out).toBe('Commands work on the stage prod in eu-central-1.\n');
    expect((await use('--json')).json()).toEqual({ stage: 'prod', region: 'eu-central-1', from: 'use' });
    expect((await use('dev')).out).toContain('the stage dev in the region that the AWS CLI would use');
    expect((await use('local')).out).toBe('Commands work on the bridge on this machine.\n');
    expect(existsSync(join(environment.HOME, '.config/pdbridge/target.json'))).toBe(false);
  });

  it.each([
    [['prod stage'], 'letters, digits and dashes'],
    [['--region', 'eu-central-1'], 'needs a stage'],
    [['local', '--region', 'eu-central-1'], 'no AWS region'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await pdbridge(['use', ...args], { environment: home() });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('cannot keep anything where there is no folder for it, and says so', async () => {
    const { code, err } = await pdbridge(['use', 'prod']);
    expect(code).toBe(1);
    expect(err).toContain('XDG_CONFIG_HOME');
  });

  it('goes behind the environment, and that behind what the command is given', async () => {
    const environment = home();
    await pdbridge(['use', 'prod', '--region', 'nowhere-1'], { environment });
    const chosen = await lists(environment);
    expect(chosen.err).toMatch(/^Stage prod in nowhere-1, from `pdbridge use`\.\n/);
    const named = await lists({ ...environment, PDBRIDGE_STAGE: 'dev', PDBRIDGE_REGION: 'nowhere-2' });
    expect(named.err).toMatch(/^Stage dev in nowhere-2, from PDBRIDGE_STAGE\.\n/);
    for (const own of [
      ['--stage', 'x', '--region', 'nowhere-3'],
      ['--endpoint-url', 'http://127.0.0.1:1', '--table-prefix', 'x-'],
    ])
      expect((await lists(environment, ...own)).err).not.toContain('Stage ');
    expect((await lists({ ...environment, PDBRIDGE_STAGE: '' })).err).not.toContain('Stage ');
    const none = await pdbridge(['deliveries', 'ls'], {
      environment: { ...environment, PDBRIDGE_STAGE: '' },
    });
    expect(none.err).toContain('No bridge is running here');
  });

  it('is not there where its file cannot be understood', async () => {
    const environment = home();
    await pdbridge(['use', 'prod'], { environment });
    await writeFile(join(environment.HOME, '.config/pdbridge/target.json'), '{"stage":7}');
    expect((await pdbridge(['use'], { environment })).out).toContain('this machine');
  });
});
