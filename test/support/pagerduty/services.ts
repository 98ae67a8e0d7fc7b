import type { StandInService } from './account.ts';
import { type Asking, page, refusal, type Told } from './answers.ts';

export function listServices({ account, query }: Asking): Told {
  const sorted = account.services.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return page(
    'services',
    sorted.map((service) => shown(service, account.host)),
    query,
  );
}

export function getService({ account, ids: [id] }: Asking): Told {
  const service = account.services.find((each) => each.id === id);
  return service ? { body: { service: shown(service, account.host) } } : refusal(404, 2100, 'Not Found');
}

export const listAbilities = ({ account }: Asking): Told => ({ body: { abilities: account.abilities } });

/** The address as the REST API gives it, which is not the one in webhooks. */
function shown({ id, name, teams, status = 'active' }: StandInService, host: string): object {
  return {
    id,
    type: 'service',
    summary: name,
    name,
    self: `https://api.pagerduty.com/services/${id}`,
    html_url: `https://${host}/service-directory/${id}`,
    status,
    teams: teams.map((team) => ({
      id: team.id,
      type: 'team_reference',
      summary: team.name,
      html_url: `https://${host}/teams/${team.id}`,
    })),
  };
}
