import type { DeploymentReport } from '../../lib/domain/deployment/deployment-report.ts';
import { createDeploymentFixture } from '../flow/deployments/fixture.ts';
import { service } from '../support/catalog-entries.ts';
import { blocks } from './document.ts';

const shown = blocks('json').find(({ before }) => before.startsWith('**deployments**'));

it('the row shown of a deployment has the attributes that one has', async () => {
  const row = JSON.parse(shown?.text ?? '{}') as DeploymentReport & Record<string, unknown>;
  const { service: name, env, version, status, started_at, finished_at, repository_id, repository_url } = row;
  const fixture = createDeploymentFixture();
  await fixture.push(service('checkout-api', { team: 'payments' }));
  const id = await fixture.tell({
    ...{ source: 'dora_api', custom_tags: [], service: name, env, version, status },
    ...{ started_at, finished_at, repository_id, repository_url, commit_sha: String(row['git_commit_sha']) },
  } as DeploymentReport);
  expect(Object.keys(await fixture.deployment(id)).sort()).toEqual(Object.keys(row).sort());
});
