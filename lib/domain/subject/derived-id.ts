import { createHash } from 'node:crypto';

/**
 * An id that says nothing but what it was made of: 32 hexadecimal digits of the SHA-256 of `facts` as JSON. The same
 * facts give the same id wherever and whenever, so that nothing need be read to answer with it.
 */
export function derivedId(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
