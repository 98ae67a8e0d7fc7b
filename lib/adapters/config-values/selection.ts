import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { knownSources } from '../../domain/incident-filter/sources.ts';

const list = (what: string) =>
  z
    .array(z.string().trim().min(1))
    .min(1, { error: 'must name at least one; leave the key out to take all' })
    .optional()
    .describe(what);

/** A word that is none of them would leave everything out in silence. */
const source = z
  .string()
  .trim()
  .superRefine((given, context) => {
    const word = given.toLowerCase();
    if ((knownSources as readonly string[]).includes(word)) return;
    const [nearest] = knownSources.toSorted((a, b) => distance(a, word) - distance(b, word));
    const hint = nearest && distance(nearest, word) <= nearest.length / 2 ? `; did you mean ${nearest}?` : '';
    context.addIssue({
      code: 'custom',
      message: `is no source; the sources are ${knownSources.join(', ')}${hint}`,
    });
  });

const criteria = {
  priorities: list('Names of PagerDuty priorities; an incident without one fits no list'),
  urgencies: z
    .array(z.string().regex(/^(high|low)$/i, { error: 'must be high or low' }))
    .min(1, { error: 'must name at least one; leave the key out to take all' })
    .optional()
    .describe('high, low'),
  incident_types: list('Names of PagerDuty incident types'),
  pagerduty_services: list('PagerDuty services, by name or id'),
  services: list('Catalog services the incident is attributed to'),
  teams: list('Catalog team the incident is attributed to'),
  envs: list('Environments'),
  sources: z
    .array(source)
    .min(1, { error: 'must name at least one; leave the key out to take all' })
    .optional()
    .describe(`Where incidents come from: ${knownSources.join(', ')}`),
  person: z.boolean().optional().describe('Whether a person had a hand in it'),
};

const keys = Object.keys(criteria).join(', ');
/** A key that is misspelled is said already. */
const whenWellFormed = ({ issues }: { issues: unknown[] }) => issues.length === 0;
const hasKeys = (value: object) => Object.keys(value).length > 0;
const unwanted = z
  .strictObject(criteria)
  .refine(hasKeys, { error: `must have at least one key of ${keys}`, when: whenWellFormed })
  .meta({ id: 'criteria' });

/** Which incidents: a list is OR, keys are AND, `not` takes away what fits it; all regardless of case. */
export const selection = z
  .strictObject({
    ...criteria,
    not: z
      .union([unwanted, z.array(unwanted).min(1)])
      .optional()
      .describe('What fits all keys of this is left out; of a list of them, what fits any'),
  })
  .refine(hasKeys, { error: `must have at least one key of ${keys}, not`, when: whenWellFormed })
  .meta({ id: 'selection' });
