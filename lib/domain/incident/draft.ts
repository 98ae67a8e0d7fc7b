import type { IncidentState } from './state.ts';

type OptionalKey = {
  [K in keyof IncidentState]-?: object extends Pick<IncidentState, K> ? K : never;
}[keyof IncidentState];

/** A state being built: what may be absent may be set to undefined until `finish` removes it. */
export type Draft = Omit<IncidentState, OptionalKey> & {
  [K in OptionalKey]?: IncidentState[K] | undefined;
};

export function finish(draft: Draft): IncidentState {
  for (const key of Object.keys(draft) as (keyof Draft)[])
    if (draft[key] === undefined) delete draft[key as OptionalKey];
  return draft as IncidentState;
}
