import type { CountedFacts } from '../../../lib/domain/incident-filter/counted-facts.ts';
import { isSelected, type Selection } from '../../../lib/domain/incident-filter/criteria.ts';

const incident: CountedFacts = {
  priority: 'P2',
  urgency: 'high',
  incidentType: 'Security incident',
  pagerdutyService: { id: 'PCART01', name: 'Cart API' },
  services: ['cart', 'basket'],
  team: 'shopping',
  env: 'prod',
  source: 'pagerduty',
  person: true,
};
const { priority, urgency, incidentType, team, env, ...rest } = incident;
const bare: CountedFacts = { ...rest, services: [], pagerdutyService: { id: 'PCART01' }, person: false };

describe('an incident is chosen', () => {
  it.each<[string, Selection, CountedFacts]>([
    ['by priority', { priorities: ['P1', 'P2'] }, incident],
    ['regardless of case and outer space', { priorities: [' p2 '] }, incident],
    ['by urgency', { urgencies: ['HIGH'] }, incident],
    ['by incident type', { incident_types: ['security incident'] }, incident],
    ['by the name of its PagerDuty service', { pagerduty_services: ['cart api'] }, incident],
    ['by the id of its PagerDuty service', { pagerduty_services: ['PCART01'] }, bare],
    ['by one of its catalog services', { services: ['basket'] }, incident],
    ['by its catalog team', { teams: ['Shopping'] }, incident],
    ['by environment', { envs: ['staging', 'prod'] }, incident],
    ['by source', { sources: ['pagerduty'] }, bare],
    ['because a person had a hand in it', { person: true }, incident],
    ['because no person had', { person: false }, bare],
    ['when every key fits', { priorities: ['P2'], envs: ['prod'], person: true }, incident],
    ['when it is not what is unwanted', { not: { envs: ['staging'] } }, incident],
    ['when what is unwanted is not known of it', { not: { envs: ['staging'], teams: ['qa'] } }, bare],
    ['when it fits only a part of what is unwanted', { not: { envs: ['prod'], teams: ['qa'] } }, incident],
    ['when it fits none of several unwanted', { not: [{ envs: ['test'] }, { teams: ['qa'] }] }, incident],
  ])('%s', (_, selection, facts) => {
    expect(isSelected(selection, facts)).toBe(true);
  });
});

describe('an incident is left out', () => {
  it.each<[string, Selection, CountedFacts]>([
    ['by another priority', { priorities: ['P1'] }, incident],
    ['when it has none, whatever the list', { priorities: ['P1', 'P2', 'P3'] }, bare],
    ['when the list names another spelling', { services: ['cart api'] }, incident],
    ['when it belongs to no service', { services: ['cart'] }, bare],
    ['when it has no type', { incident_types: ['incident_default'] }, bare],
    ['from another source', { sources: ['dora_api'] }, incident],
    ['because no person had a hand in it', { person: true }, bare],
    ['because a person had', { person: false }, incident],
    ['when one key of several does not fit', { priorities: ['P2'], envs: ['staging'] }, incident],
    ['when it is what is unwanted', { not: { envs: ['PROD'] } }, incident],
    ['when it fits all that is unwanted', { not: { envs: ['prod'], teams: ['shopping'] } }, incident],
    [
      'when it fits one of several unwanted',
      { not: [{ envs: ['test'] }, { teams: ['shopping'] }] },
      incident,
    ],
    ['when it is wanted and unwanted', { priorities: ['P2'], not: { person: true } }, incident],
  ])('%s', (_, selection, facts) => {
    expect(isSelected(selection, facts)).toBe(false);
  });
});
