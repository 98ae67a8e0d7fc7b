import type { DestinationConfig } from '../destinations/destination-config.ts';
import type { KindFinding } from '../destinations/kind-config.ts';
import { kindConfigs } from '../destinations/kind-configs.ts';
import { tellsFailures } from '../destinations/tells-failures.ts';
import type { BridgeConfig } from './bridge-config.ts';
import { nameWarnings } from './name-warnings.ts';

interface Finding {
  path: PropertyKey[];
  message: string;
}

/** What is allowed and probably not meant. */
export function warningsOf(config: BridgeConfig): Finding[] {
  const { destinations } = config;
  const theirs = destinations.flatMap((destination, index) => {
    const kind = kindConfigs.find(({ type }) => type === destination.type);
    const twice = kind?.tellsFailures && config.ingest !== undefined ? maybeTwice(destination) : [];
    const findings = [...(kind?.warnings?.(destination) ?? []), ...missingEnds(destination), ...twice];
    return findings.map(({ key, message }) => ({ path: ['destinations', index, key], message }));
  });
  return [...nothingLeaves(destinations), ...theirs, ...nameWarnings(config)];
}

/** Accepted webhooks would pile up in silence, and the steps of deploying have stored keys for somebody. */
function nothingLeaves(destinations: readonly DestinationConfig[]): Finding[] {
  if (destinations.some(({ type }) => type !== 'console')) return [];
  const message =
    destinations.length === 0
      ? 'nobody is configured: incident events go nowhere'
      : 'only the console is configured: incident events are printed and go nowhere else';
  return [{ path: ['destinations'], message }];
}

/** Who points a program at the bridge may have left it pointed at the receiver as well. */
function maybeTwice({ only }: DestinationConfig): KindFinding[] {
  if (only?.sources !== undefined) return [];
  const message =
    'is told of incidents that other programs report as well (ingest): if these report to it themselves, it has each of them twice; only: { sources: [pagerduty] } leaves them out, naming their sources too says that they are meant';
  return [{ key: 'only', message }];
}

const begins = ['incident.triggered', 'incident.reopened'];

function missingEnds(destination: DestinationConfig): KindFinding[] {
  const { events } = destination;
  if (!events?.some((type) => begins.includes(type)) || !tellsFailures(destination)) return [];
  const warning = (message: string) => [{ key: 'events', message }];
  if (!events.includes('incident.resolved')) {
    return warning(
      'lets starts through and no ends: failures would never end there; add incident.resolved, or leave events out',
    );
  }
  if (!events.includes('incident.reopened')) {
    return warning(
      'leaves incident.reopened out: a reopened incident would be resolved twice there; add it, or leave events out',
    );
  }
  return [];
}
