import type { Selection } from '../../domain/incident-filter/criteria.ts';
import type { Clock, Random } from '../../ports.ts';
import type { Store } from '../../store/database/dynamo.ts';

/** What says when a deployment is to blame, and which incidents count. */
export interface LinkConfig {
  counts?: Selection;
  link: { window_hours: number };
}

export interface LinkDeps {
  store: Store;
  clock: Pick<Clock, 'now'>;
  config: LinkConfig;
}

/** To judge an incident under its own lease. */
export interface RejudgeDeps extends LinkDeps {
  random: Pick<Random, 'token'>;
}

export const windowOf = ({ link }: LinkConfig): number => link.window_hours * 3_600_000;
