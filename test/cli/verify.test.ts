import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '../../lib/domain/pagerduty/signature.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { pdbridge } from './run-cli.ts';

const file = join(temporaryFolder(), 'body.json');
const body = Buffer.from('{"event":{"id":"é"}}\n');
writeFileSync(file, body);
const verify = (secret: string, signature: string, ...more: string[]) =>
  pdbridge(['verify', '--secret', secret, '--signature', signature, '--file', file, ...more]);

describe('pdbridge verify', () => {
  it('says that a request is authentic', async () => {
    expect(await verify('s3cret', sign(body, 's3cret'))).toMatchObject({ code: 0, out: 'Authentic.\n' });
  });

  it('takes several secrets, as while one rotates', async () => {
    expect((await verify('old', sign(body, 's3cret'), '--secret', 's3cret')).code).toBe(0);
  });

  it('says why a request is probably not authentic, and what to do', async () => {
    const { code, out } = await verify('s3cret\n', sign(body, 's3cret'));
    expect(code).toBe(1);
    expect(out).toContain('whitespace_in_secret');
    expect(out.split('\n').length).toBeGreaterThan(2);
    expect(out).not.toContain('s3cret');
  });

  it('gives the diagnosis to machines', async () => {
    expect((await verify('s3cret', sign(body, 's3cret'), '--json')).json()).toEqual({ authentic: true });
    const { code, json } = await verify('other', sign(body, 's3cret'), '--json');
    expect(code).toBe(1);
    expect(json()).toMatchObject({ authentic: false, code: 'wrong_secret', certain: false });
  });

  it('ends with 1 when the file cannot be read', async () => {
    const { code, err } = await pdbridge([
      'verify',
      '--secret',
      's',
      '--signature',
      'x',
      '--file',
      '/not/there',
    ]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('/not/there cannot be read') });
  });
});
