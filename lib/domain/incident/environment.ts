import { mappedName } from './mapped-name.ts';
import type { IncidentSettings } from './settings.ts';
import type { IncidentState } from './state.ts';

/**
 * The configured custom field if it is set on the incident, what its reporter says, else the `dd_env` header with which the incident's
 * first processed event came, else the configured default; under the name the configuration gives it.
 */
export function environmentOf(
  state: Pick<IncidentState, 'custom_fields' | 'reported'>,
  envHeader: string | undefined,
  config: Pick<IncidentSettings, 'env_custom_field' | 'default_env' | 'env_names'>,
): string | undefined {
  const field = config.env_custom_field;
  const value =
    field !== undefined && Object.hasOwn(state.custom_fields, field) ? state.custom_fields[field] : undefined;
  const env = single(value) ?? state.reported?.facts.env ?? single(envHeader) ?? config.default_env;
  return env === undefined ? undefined : (mappedName(config.env_names, env) ?? env);
}

/** A field that may hold several values says an environment only if it holds one. */
export function single(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 1 ? single(value[0]) : undefined;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
