import type { MeasuredDeployment, MeasuredIncident, Records } from '../../../lib/domain/metrics/facts.ts';

/** A moment of March 2026, in UTC: `at('02 09:30')`. */
export const at = (moment: string): number => Date.parse(`2026-03-${moment.replace(' ', 'T')}:00Z`);

let made = 0;

export const deployment = (given: Partial<MeasuredDeployment> = {}): MeasuredDeployment => ({
  id: `d${made++}`,
  service: 'checkout-api',
  team: 'payments',
  env: 'prod',
  finishedAtMs: at('10 12:00'),
  status: 'succeeded',
  kind: 'standard',
  changeFailure: false,
  ...given,
});

export const incident = (given: Partial<MeasuredIncident> = {}): MeasuredIncident => ({
  id: `i${made++}`,
  services: ['checkout-api'],
  team: 'payments',
  env: 'prod',
  startedAtMs: at('10 13:00'),
  finishedAtMs: at('10 14:00'),
  timeToRestoreSeconds: 3_600,
  merged: false,
  ...given,
});

export const records = (given: Partial<Records> = {}): Records => ({
  deployments: [],
  incidents: [],
  isDeployed: () => true,
  ...given,
});

export const march = { fromMs: at('01 00:00'), toMs: at('31 00:00') };
