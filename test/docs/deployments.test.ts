import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readDeployment } from '../../lib/domain/dora/read-deployment.ts';
import { blocks, section } from './document.ts';

const file = 'docs/deployments.md';

describe('what Argo CD is told to send', () => {
  const [shown] = blocks('yaml').filter(({ heading }) => heading === 'Argo CD');
  const { data } = parse(shown?.text ?? '') as { data: Record<string, string> };
  const values: Record<string, string> = {
    '.app.metadata.name': 'cart',
    '.app.spec.destination.namespace': 'prod',
    '.app.status.operationState.startedAt': '2026-03-02T10:01:03Z',
    '.app.status.operationState.finishedAt': '2026-03-02T10:04:12Z',
    '.app.status.operationState.syncResult.revision': '6f1c0a9b7d2e4f5061728394a5b6c7d8e9f01234',
    '.app.spec.source.repoURL': 'https://token@github.com/acme/cart-manifests.git',
  };
  const template = parse(data['template.dora-deployment'] ?? '');

  it('is a deployment', () => {
    const body: string = template.webhook.dora.body.replace(
      /\{\{(.*?)\}\}/g,
      (_: string, path: string) => values[path] ?? `no value for ${path}`,
    );
    const { value, faults } = readDeployment(Buffer.from(body), Date.parse('2026-03-02T11:00:00Z'));
    expect(faults).toBeUndefined();
    expect(value).toMatchObject({
      service: 'cart',
      env: 'prod',
      started_at: '2026-03-02T10:01:03.000Z',
      finished_at: '2026-03-02T10:04:12.000Z',
      commit_sha: values['.app.status.operationState.syncResult.revision'],
      repository_url: 'https://github.com/acme/cart-manifests.git',
    });
  });

  it('goes to where it is set up to go, when it is triggered', () => {
    const [trigger] = parse(data['trigger.on-deployed'] ?? '');
    const service = parse(data['service.webhook.dora'] ?? '');
    expect(Object.keys(template.webhook)).toEqual(['dora']);
    expect(trigger.send.map((name: string) => `template.${name}`)).toEqual(['template.dora-deployment']);
    expect(new URL(service.url).pathname).toBe('/api/v2/dora/deployment');
    expect(service.headers.map(({ name }: { name: string }) => name)).toContain('DD-API-KEY');
  });
});

it('every reason to ignore a webhook is explained, and no other', () => {
  const code = ['lib/domain/ci', 'lib/flow/ingest/ci']
    .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8')))
    .join('\n');
  const given = [...code.matchAll(/ignored\('([a-z_]+)'|reason: `([a-z_]+): /g)].map(
    ([, one, other]) => one ?? other,
  );
  const explained = [...section(file, 'What is answered').matchAll(/^\| `([a-z_]+)` \|/gm)].map(
    ([, code]) => code,
  );
  expect(new Set(explained)).toEqual(new Set(given));
});
