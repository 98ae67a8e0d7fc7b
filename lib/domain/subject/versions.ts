import { prefixed } from './subject-kind.ts';

/** The versions of one service in one environment, as telemetry shows them. */
export const versions = prefixed('versions', 'versions');
