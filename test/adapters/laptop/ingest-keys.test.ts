import { readdirSync } from 'node:fs';
import { readLocalSettings } from '../../../lib/adapters/config/environment.ts';
import { withIngestKeys } from '../../../lib/adapters/laptop/ingest-keys.ts';
import { temporaryFolder } from '../../local/temporary-folder.ts';
import { testConfig } from '../../support/bridge.ts';

const file = (ingest?: object) => ({
  ...testConfig,
  ...(ingest && { ingest: { settle_minutes: 5, ...ingest } }),
});
const settings = (environment: Record<string, string> = {}) =>
  readLocalSettings({ BRIDGE_DATA_DIR: temporaryFolder(), ...environment });

describe('the keys of a laptop for what others report', () => {
  it('are made where nothing else is there, and stay the same', async () => {
    const here = settings();
    const first = await withIngestKeys(file(), here);
    expect(first.config.ingest).toEqual({
      settle_minutes: 15,
      api_keys: 'env:BRIDGE_INGEST_API_KEYS',
      application_keys: 'env:BRIDGE_INGEST_APPLICATION_KEYS',
    });
    expect(first.generatedKeys).toEqual({ api: expect.any(String), application: expect.any(String) });
    expect(first.generatedKeys.api).not.toBe(first.generatedKeys.application);
    expect(await withIngestKeys(file({ api_keys: 'ssm:/on/aws' }), here)).toMatchObject({ made: first.made });
  });

  it('are those of the variables before anything else, and then none is made', async () => {
    const here = settings({ BRIDGE_INGEST_API_KEYS: 'a', BRIDGE_INGEST_APPLICATION_KEYS: 'b' });
    const { config, made } = await withIngestKeys(file({ api_keys: 'env:MINE' }), here);
    expect(config.ingest.api_keys).toBe('env:BRIDGE_INGEST_API_KEYS');
    expect(made).toEqual({});
    expect(readdirSync(here.dataDir)).toEqual([]);
  });

  it('are those the file refers to, where a laptop can read them', async () => {
    const { config, made } = await withIngestKeys(
      file({ api_keys: 'env:MINE', application_keys: 'env:YOURS', gitlab: { token: 'env:G' } }),
      settings(),
    );
    expect(config.ingest).toEqual({
      settle_minutes: 5,
      api_keys: 'env:MINE',
      application_keys: 'env:YOURS',
      gitlab: { token: 'env:G' },
    });
    expect(made).toEqual({});
  });
});
