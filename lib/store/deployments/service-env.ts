import { comparableName } from '../../domain/catalog/names.ts';
import { derivedId } from '../../domain/subject/derived-id.ts';

/** A key of DynamoDB holds 2048 bytes. */
const longestKey = 1_000;

/** The partition of the index `by_service_env`: readable, and the same for every spelling of a name. */
export function serviceEnvOf(service: string, env: string | undefined): string {
  const plain = (name: string) => (comparableName(name) ?? name).replace(/[%#]/g, encodeURIComponent);
  const key = `${plain(service)}#${env === undefined ? '' : plain(env)}`;
  return Buffer.byteLength(key) > longestKey ? derivedId(['service_env', key]) : key;
}
