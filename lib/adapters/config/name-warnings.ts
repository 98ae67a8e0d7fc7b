import { comparableName as comparable } from '../../domain/catalog/names.ts';
import type { Selection } from '../../domain/incident-filter/criteria.ts';
import type { BridgeConfig } from './bridge-config.ts';

interface Finding {
  path: PropertyKey[];
  message: string;
}

/** Names that are written so that one of them is never looked at. */
export function nameWarnings(config: BridgeConfig): Finding[] {
  const { env_names, severity, account_aliases, counts, destinations } = config;
  const tables = { env_names, severity, account_aliases };
  const selections = [
    ...(counts ? [{ path: ['counts'] as PropertyKey[], selection: counts }] : []),
    ...destinations.flatMap(({ only }, index) =>
      only ? [{ path: ['destinations', index, 'only'] as PropertyKey[], selection: only as Selection }] : [],
    ),
  ];
  return [
    ...Object.entries(tables).flatMap(([key, names]) => sameKeys(key, names ?? {})),
    ...selections.flatMap(({ path, selection }) => renamedAway(path, selection, env_names ?? {})),
  ];
}

/** These tables are looked up regardless of case and blanks; only who writes exactly so gets the second. */
function sameKeys(key: string, names: Readonly<Record<string, string>>): Finding[] {
  const spellings = Object.keys(names);
  return spellings.flatMap((name, index) => {
    const other = spellings.slice(0, index).find((each) => comparable(each) === comparable(name));
    if (other === undefined || names[other] === names[name]) return [];
    const message = `is the name ${JSON.stringify(other)} in another spelling, and means something else; leave one of them out`;
    return [{ path: [key, name], message }];
  });
}

/** An environment that `env_names` gives another name is never the environment of an incident. */
function renamedAway(
  path: PropertyKey[],
  { not, ...selection }: Selection,
  envNames: Readonly<Record<string, string>>,
): Finding[] {
  const named = new Set(Object.values(envNames).map(comparable));
  const gone = (selection.envs ?? []).flatMap((env) => {
    const renamed = Object.entries(envNames).find(([name]) => comparable(name) === comparable(env));
    if (!renamed || named.has(comparable(env))) return [];
    const message = `no incident has the environment ${JSON.stringify(env)}: env_names makes it ${JSON.stringify(renamed[1])}`;
    return [{ path: [...path, 'envs'], message }];
  });
  const lists = not === undefined ? [] : Array.isArray(not) ? not : [not];
  return [...gone, ...lists.flatMap((each) => renamedAway([...path, 'not'], each, envNames))];
}
