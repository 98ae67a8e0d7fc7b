import type { PagerDutyRef } from '../pagerduty/reference.ts';

/** The command by which a person decides for a service or team; undefined where it is not known what to pin. */
export function pinCommand(
  pagerDuty: PagerDutyRef,
  to: { service?: string; team?: string | undefined },
): string | undefined {
  if (pagerDuty.id === '') return undefined;
  const options = [
    ...(to.service === undefined ? [] : ['--service', to.service]),
    ...(to.team === undefined ? [] : ['--team', to.team]),
  ];
  return ['npx', 'pdbridge', 'mappings', 'pin', pagerDuty.id, ...options].map(shellWord).join(' ');
}

/** Catalogs are written by many: what is pasted into a shell must be one word there. */
const shellWord = (word: string): string =>
  /^[\w./:@%+-]+$/.test(word) && !/^-[^-]/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
