import { decision, type Rule, undecided } from '../rule.ts';
import { quote } from '../wording.ts';
import { serviceName } from './service-name.ts';

/**
 * Goes before the four rules where the configuration names a field for it: for one PagerDuty service that catches
 * everything, the incident itself says which catalog service it is about.
 */
export const customField: Rule<'custom_field'> = {
  name: 'custom_field',
  judge(input, found) {
    const { customField: field, service } = input;
    if (field === undefined) return undefined;
    const says = `Custom field ${quote(field.name)}`;
    if (field.value === undefined) return undecided(`${says} is not set on the incident.`);
    const ruling = serviceName.judge({ ...input, service: { id: service.id, name: field.value } }, found);
    if (ruling === undefined) return undefined;
    const reason = ruling.reason.replace(/^The PagerDuty service name/, `${says}:`);
    // Somebody has said it of this very incident: it goes before rule 1, however the name is spelled.
    return ruling.decided ? decision(ruling.services, ruling.team, reason) : undecided(reason);
  },
};
