import {
  type DeploymentEvent,
  orderDeploymentEvent,
} from '../../../lib/domain/deployment/deployment-event.ts';

/** A deployment of which everything is known. */
export const finished: DeploymentEvent = orderDeploymentEvent({
  version: '1',
  id: 'f0c1a2b3d4e5f60718293a4b5c6d7e8f',
  sequence: 1,
  type: 'deployment.finished',
  occurred_at: '2026-03-02T10:05:00.120Z',
  services: ['checkout-api'],
  team: 'payments',
  env: 'prod',
  started_at: '2026-03-02T10:00:00.250Z',
  finished_at: '2026-03-02T10:05:00.120Z',
  deployment: {
    id: 'build:2187-production',
    version: '1.4.0',
    status: 'succeeded',
    kind: 'standard',
    git: {
      commit_sha: '66adc9350f2cc9b250b69abddab733dd55e1a588',
      repository_id: 'github.com/acme/checkout',
      repository_url: 'https://github.com/acme/checkout.git',
    },
    sources: ['dora_api', 'github'],
    custom_tags: ['ring:canary'],
  },
});

/** The same, once it is known to have failed and what put it right. */
export const changed: DeploymentEvent = orderDeploymentEvent({
  ...finished,
  id: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  sequence: 2,
  type: 'deployment.changed',
  occurred_at: '2026-03-02T11:12:13.000Z',
  deployment: {
    ...finished.deployment,
    change_failure: true,
    remediation: { id: 'build:2188-production', type: 'rollback' },
  },
});

/** Back to what was there before. */
export const rolledBack: DeploymentEvent = orderDeploymentEvent({
  ...finished,
  id: '00112233445566778899aabbccddeeff',
  deployment: { ...finished.deployment, id: 'build:2188-production', version: '1.3.9', kind: 'rollback' },
});

/** The least there is to tell. */
export const bare: DeploymentEvent = orderDeploymentEvent({
  version: '1',
  id: 'ffeeddccbbaa99887766554433221100',
  sequence: 1,
  type: 'deployment.finished',
  occurred_at: '2026-03-02T10:05:00.000Z',
  services: ['search'],
  finished_at: '2026-03-02T10:05:00.000Z',
  deployment: {
    id: '5f0d7a6c0b1e4c6f8a9d3b2e1f0c9d8e',
    status: 'failed',
    kind: 'standard',
    sources: ['cdevents'],
  },
} as DeploymentEvent);
