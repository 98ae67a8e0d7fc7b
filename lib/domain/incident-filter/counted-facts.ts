import type { IncidentEvent } from '../incident/incident-event.ts';
import { pagerDuty } from './sources.ts';

/** What the incident event does not tell of what an incident is chosen by; kept beside the frozen event. */
export interface FactsBeside {
  incident_type?: string | undefined;
  /** A person had a hand in it: an event of it names a user as its agent. */
  person?: true | undefined;
}

/** All that an incident is chosen by, as of one of its events. */
export interface CountedFacts {
  priority?: string | undefined;
  urgency?: string | undefined;
  incidentType?: string | undefined;
  pagerdutyService?: { id: string; name?: string } | undefined;
  services: string[];
  team?: string | undefined;
  env?: string | undefined;
  source: string;
  person: boolean;
  /** Who reported it has taken it back. */
  withdrawn?: boolean;
}

export function countedFacts(event: IncidentEvent, beside: FactsBeside): CountedFacts {
  const { incident, services = [], team, env } = event;
  return {
    priority: incident.priority,
    urgency: incident.urgency,
    incidentType: beside.incident_type,
    pagerdutyService: event.pagerduty?.service,
    services,
    team,
    env,
    source: event.source ?? pagerDuty,
    person: beside.person === true,
    ...(incident.withdrawn_at !== undefined && { withdrawn: true }),
  };
}
