import type { BridgeConfig } from '../../../lib/adapters/config/bridge-config.ts';
import type { DeploymentEvent } from '../../../lib/domain/deployment/deployment-event.ts';
import type { DeploymentReport } from '../../../lib/domain/deployment/deployment-report.ts';
import { identify } from '../../../lib/domain/deployment/identify.ts';
import { type DeploymentEntry, reported } from '../../../lib/domain/deployment/log-events.ts';
import type { Row } from '../../../lib/store/database/marshalled.ts';
import { readDeployment } from '../../../lib/store/deployments/deployments.ts';
import type { TestBridge } from '../../support/bridge.ts';
import { appendEntry } from '../../support/deployments.ts';
import { scan } from '../../support/scan.ts';
import { createFixture, type Fixture } from '../freeze/fixture.ts';

export interface DeploymentFixture extends Fixture {
  run: TestBridge;
  /** Writes a report down, as a source does, without waking anybody; its place in the log. */
  append(entry: DeploymentEntry): Promise<DeploymentEntry & { logKey: string }>;
  /** The same, and lets the stream wake the worker. */
  tell(report: DeploymentReport): Promise<string>;
  say(entry: DeploymentEntry): Promise<void>;
  deployment(id: string): Promise<Row>;
  deployments(): Promise<Row[]>;
  events(id?: string): DeploymentEvent[];
}

/** A bridge whose one webhook is told of deployments. */
export function createDeploymentFixture(config: Partial<BridgeConfig> = {}): DeploymentFixture {
  const fixture = createFixture();
  const destinations = [
    { name: 'hook', type: 'webhook', url: fixture.receiver.url, events: ['deployment.*'] },
  ];
  const run = fixture.bridge({ destinations, ...config });
  const own: DeploymentFixture = {
    ...fixture,
    run,
    append: (entry) => appendEntry(fixture.store, fixture.clock.now(), entry),
    tell: async (report) => {
      await own.say(reported(report));
      return identify(report).id;
    },
    say: async (entry) => {
      fixture.clock.advance(1);
      const { logKey } = await own.append(entry);
      await run.wake(entry.subject, logKey);
    },
    deployment: async (id) => (await readDeployment(fixture.store, id)) ?? {},
    deployments: () => scan(fixture.store, 'deployments'),
    events: (id) =>
      fixture.receiver.received
        .map(({ json }) => json as DeploymentEvent)
        .filter(({ deployment }) => id === undefined || deployment?.id === id),
  };
  return own;
}
