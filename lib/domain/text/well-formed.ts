/**
 * JSON can spell half a surrogate pair (`"\ud83d"`), UTF-8 cannot, and DynamoDB refuses it: one such event
 * would fail for ever. The half becomes U+FFFD, as a decoder would make it.
 */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}
