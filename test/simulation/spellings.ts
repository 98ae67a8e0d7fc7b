import type { Definition } from './catalog-plan.ts';
import type { Dice } from './dice.ts';
import type { ServicePicture } from './pagerduty/incident-picture.ts';

/** The same words, kept apart in another way. */
const spellings = [
  (words: readonly string[]) => words.join('-'),
  (words: readonly string[]) => words.join('_'),
  (words: readonly string[]) => words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''),
  (words: readonly string[]) => words.join('.'),
];

const wordsOf = (name: string) => name.trim().split(/[ -]/);

/**
 * Spells what a service is found by otherwise than PagerDuty does, sometimes in two ways at once, and names teams
 * beside it that agree with the catalog or do not.
 */
export function spellOtherwise(
  dice: Dice,
  service: ServicePicture,
  definitions: readonly Definition[],
): Definition[] {
  return definitions.flatMap((definition) => {
    const { name, team } = definition;
    if (definition.pagerduty !== undefined || !dice.chance(0.5)) return [definition];
    // Found by its team: that is what is spelled otherwise.
    const byTeam = wordsOf(name)[0] !== wordsOf(service.name)[0]?.toLowerCase();
    if (team !== undefined && byTeam) return [{ ...definition, team: dice.pick(spellings)(wordsOf(team)) }];
    const ways = dice.shuffled(spellings);
    const count = dice.chance(0.3) ? 2 : 1;
    if (dice.chance(0.4)) {
      const known = dice.chance(0.5) ? team : 'others';
      service.teams.push({ id: `PTEAMOF${service.id}`, name: known ?? 'others' });
    }
    return ways.slice(0, count).map((spell) => ({ ...definition, name: spell(wordsOf(name)) }));
  });
}
