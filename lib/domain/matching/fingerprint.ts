import type { AccountSettings } from './account-aliases.ts';
import type { Pin } from './match.ts';
import { type NameSettings, namesBasis } from './name-settings.ts';

/**
 * What a judgement depended on beside the incident itself: catalog generation, how names are compared, pin
 * and the service's name. A held incident keeps the one it was judged by; when the present one differs, it is
 * worth judging again.
 */
export function fingerprint(
  generation: string,
  settings: NameSettings & AccountSettings,
  pin: Pin | undefined,
  serviceName: string | undefined,
): string {
  const text = JSON.stringify([
    pin?.services ?? [],
    pin?.team ?? '',
    serviceName ?? '',
    namesBasis(settings),
    ...(settings.account_aliases ? [Object.entries(settings.account_aliases).sort()] : []),
  ]);
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return `${generation}#${hash.toString(16).padStart(16, '0')}`;
}
