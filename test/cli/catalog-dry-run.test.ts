import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asPushedBefore } from '../support/older-push.ts';
import { scan } from '../support/scan.ts';
import { webhookBody } from '../support/webhooks.ts';
import { checkout, fillCatalog, type OnDatabase, startOnDatabase } from './on-database.ts';

let on: OnDatabase;
let folder: string;
beforeAll(async () => {
  on = await startOnDatabase({ names: 'exact' });
  folder = await mkdtemp(join(tmpdir(), 'dry-run-'));
  await writeFile(join(folder, 'exact.yml'), 'names: exact\n');
  await writeFile(
    join(folder, 'service.datadog.yaml'),
    'schema-version: v2.2\ndd-service: order-history\nteam: orders\n',
  );
});
afterAll(() => on.stop());

const held = (id: string, name: string, component?: string) => {
  const custom_fields = component ? [{ name: 'component', value: component }] : [];
  const service = {
    id: `P${id}`,
    type: 'service_reference',
    summary: name,
    html_url: `https://acme.pagerduty.com/services/P${id}`,
  };
  const at = '2026-03-02T10:00:00.000Z';
  return on.bridge.deliver(
    webhookBody('incident.triggered', { at, data: { id, service, teams: [], custom_fields } }),
  );
};
const dryRun = (...args: string[]) =>
  on.run('catalog', 'push', join(folder, 'service.datadog.yaml'), '--source', 'orders', '--dry-run', ...args);

describe('pdbridge catalog push --dry-run', () => {
  it('says that nothing is held', async () => {
    expect((await dryRun()).out).toContain('No incident is held.\nNothing was changed (--dry-run).\n');
  });

  it('says how many held incidents will then go out, those of older pushes included', async () => {
    await fillCatalog(on, { ...checkout, pagerduty: { id: 'PELSEWHERE' } });
    await held('QHELD1', 'Checkout API');
    await held('QHELD2', 'Order History');
    await held('QHELD3', 'Something else', 'order-history');
    await asPushedBefore(on.store, 'default');
    const rows = async () => [...(await scan(on.store, 'catalog')), ...(await scan(on.store, 'incidents'))];
    const before = await rows();
    expect((await dryRun()).out).toContain('Of 3 held incidents, 2 would match then and go out.\n');
    expect((await dryRun('--json')).json()).toMatchObject({
      dry_run: true,
      held_incidents: 3,
      would_match: 2,
      more_are_held: false,
    });
    expect((await dryRun('--config', join(folder, 'exact.yml'))).out).toContain(
      'Of 3 held incidents, 0 would match then and go out.\n',
    );
    await writeFile(join(folder, 'field.yml'), 'service_custom_field: component\n');
    expect((await dryRun('--config', join(folder, 'field.yml'))).out).toContain(
      'Of 3 held incidents, 3 would match then and go out.\n',
    );
    expect(await rows()).toEqual(before);
  });
});
