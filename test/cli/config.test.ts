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
      out: `${good} is valid: 1 destination.\n`,
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

  it('looks at BRIDGE_CONFIG when no file is named', async () => {
    const { out } = await pdbridge(['config', 'validate'], { environment: { BRIDGE_CONFIG: good } });
    expect(out).toContain(good);
  });
});
