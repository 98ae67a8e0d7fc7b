import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfigText } from '../../../lib/adapters/config/config-text.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
writeFileSync(at('bridge.yml'), 'names: exact\n');
symlinkSync(at('loop.yml'), at('loop.yml'));
execFileSync('mkfifo', [at('pipe')]);

describe('the text of a configuration file', () => {
  it('is what stands in it', () => {
    expect(readConfigText(at('bridge.yml'))).toEqual({ text: 'names: exact\n' });
  });

  it.each([
    ['nowhere.yml', 'does not exist'],
    ['bridge.yml/inside', 'does not exist'],
    ['.', 'is a folder; name the file in it'],
    ['loop.yml', 'is a link that leads in circles'],
    ['pipe', 'is not a file'],
  ])('is not there in %s, which is said at once', (name, reason) => {
    expect(readConfigText(at(name))).toEqual({ fault: `${at(name)} ${reason}` });
  });
});
