import { sign, signaturePattern, verifySignature } from './signature.ts';
import { bodyMistakes, type MistakeCode, secretMistakes } from './signature-mistakes.ts';

export type SignatureDiagnosis =
  | { authentic: true }
  /** `certain`: proven by finding the change that makes the signature right; otherwise the likeliest reason. */
  | { authentic: false; code: DiagnosisCode; certain: boolean; reason: string; remedy: string };

export type DiagnosisCode =
  | 'no_secret'
  | 'no_signature'
  | 'wrong_version'
  | 'truncated_signature'
  | 'malformed_signature'
  | MistakeCode
  | 'wrong_secret';

/** Why a captured request is not authentic, found by trying the mistakes people make. For people, not for receive. */
export function diagnoseSignature(
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): SignatureDiagnosis {
  if (verifySignature(rawBody, header, secrets)) return { authentic: true };
  return (
    diagnoseInput(rawBody, header, secrets) ??
    diagnoseMistake(rawBody, header ?? '', secrets) ??
    unknownSecret
  );
}

const no = (
  code: DiagnosisCode,
  reason: string,
  remedy: string,
  certain = true,
): Extract<SignatureDiagnosis, { authentic: false }> => ({ authentic: false, code, certain, reason, remedy });

const unknownSecret = no(
  'wrong_secret',
  'The signature is well-formed but was made with another secret or over another body.',
  'Use the signing secret of this very subscription (PagerDuty shows it once, when the subscription is created) and the body exactly as received.',
  false,
);

/** Faults that are visible without computing anything. */
function diagnoseInput(
  rawBody: Uint8Array,
  header: string | undefined,
  secrets: readonly string[],
): SignatureDiagnosis | undefined {
  if (!secrets.some((secret) => secret.trim() !== '')) {
    return no(
      'no_secret',
      'There is no signing secret to check against.',
      'Give the secret of the subscription.',
    );
  }
  const entries = (header ?? '').split(',').map((entry) => entry.trim());
  const given = entries.filter((entry) => entry !== '');
  if (given.length === 0) {
    return no(
      'no_signature',
      'The X-PagerDuty-Signature header is missing or empty.',
      'Check that the sender is a v3 subscription and that no proxy removes the header.',
    );
  }
  if (given.some((entry) => signaturePattern.test(entry))) return undefined;
  const full = secrets.filter((secret) => secret.trim() !== '').map((secret) => sign(rawBody, secret));
  if (
    given.some(
      (entry) => entry.length > 8 && full.some((signature) => signature.startsWith(entry.toLowerCase())),
    )
  ) {
    return no(
      'truncated_signature',
      'The signature is the beginning of the right one: it was cut off.',
      'Copy the whole header: `v1=` and 64 hexadecimal digits.',
    );
  }
  if (given.some((entry) => /^v1=[0-9a-f]{0,63}$/i.test(entry))) {
    return no(
      'truncated_signature',
      'The signature has fewer than the 64 hexadecimal digits of an HMAC-SHA256.',
      'Copy the whole header: `v1=` and 64 hexadecimal digits.',
    );
  }
  if (given.some((entry) => /^(v(?!1=)\d+|sha\d+)=|^[0-9a-f]{64}$/i.test(entry))) {
    return no(
      'wrong_version',
      'The header holds no signature of version 1 (`v1=…`).',
      'Give the header as PagerDuty sent it, with its `v1=`; signatures of other versions or products are not accepted.',
    );
  }
  return no(
    'malformed_signature',
    'The header is not a PagerDuty signature.',
    'It reads `v1=` and 64 hexadecimal digits, several of them separated by commas.',
  );
}

/** Undoes one likely mistake at a time, in the secret or in the body, and sees whether the signature fits then. */
function diagnoseMistake(
  rawBody: Uint8Array,
  header: string,
  secrets: readonly string[],
): SignatureDiagnosis | undefined {
  for (const { code, reason, remedy, undo } of secretMistakes) {
    if (verifySignature(rawBody, header, secrets.flatMap(undo))) return no(code, reason, remedy);
  }
  const text = new TextDecoder().decode(rawBody);
  for (const { code, reason, remedy, undo } of bodyMistakes) {
    const originals = undo(text, rawBody);
    // A body and a secret can be wrong at once, most often by the same newline.
    const known = [...secrets, ...secrets.map((secret) => secret.trim())];
    if (originals.some((original) => verifySignature(original, header, known)))
      return no(code, reason, remedy);
  }
  return undefined;
}
