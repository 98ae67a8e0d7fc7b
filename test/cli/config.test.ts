import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { pdbridge } from './run-cli.ts';

const folder = temporaryFolder();
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const good = file('good.yml', 'destinations:\n  - { name: screen, type: console }\n');
const bad = file('bad.yml', 'unmatched: hodl\ndestinatons: []\n');

describe('pdbridge config validate', () => {
  it('accepts a valid file', async () => {
    expect(await pdbridge(['config', 'validate', good])).toMatchObject({
      code: 0,
      out: `Warning: ${good}:1 destinations: only the console is configured: incident events are printed and go nowhere else\n${good} is valid: 1 destination: screen (console).\n`,
    });
  });

  it('names file, line and reason of every fault, and ends with 1', async () => {
    const { code, out } = await pdbridge(['config', 'validate', bad]);
    expect(code).toBe(1);
    expect(out.trim().split('\n')).toEqual([
      expect.stringContaining(`${bad}:1 `),
      expect.stringContaining(`${bad}:2 `),
    ]);
    expect(out).toContain('destinations');
  });

  it('gives the faults to machines', async () => {
    const { code, json } = await pdbridge(['config', 'validate', bad, '--json']);
    expect(code).toBe(1);
    expect(json()).toMatchObject({ file: bad, valid: false, faults: [{ line: 1 }, { line: 2 }] });
  });

  it('warns of what is probably not meant, also machines, and ends with 0', async () => {
    const path = file(
      'starts.yml',
      'destinations:\n  - { name: dd, type: datadog, api_key: "env:DD", events: [incident.triggered] }\n',
    );
    const { code, out } = await pdbridge(['config', 'validate', path]);
    expect(code).toBe(0);
    expect(out).toContain(`Warning: ${path}:2 destinations[0].events: lets starts through`);
    expect(out).toContain(`Warning: ${path}:2 destinations[0].report: failures: Datadog has announced`);
    const { json } = await pdbridge(['config', 'validate', path, '--json']);
    expect(json()).toMatchObject({
      valid: true,
      warnings: expect.arrayContaining([
        expect.objectContaining({ line: 2, path: 'destinations[0].events' }),
      ]),
    });
  });

  it('looks at BRIDGE_CONFIG when no file is named', async () => {
    const { out } = await pdbridge(['config', 'validate'], { environment: { BRIDGE_CONFIG: good } });
    expect(out).toContain(good);
  });
});
