import { comparableName } from './names.ts';

/** What people write between words: space, dashes, underscores, dots, slashes, colons, and marks without width. */
const separators = /[\p{Z}\p{Pd}\p{Pc}\p{Cf}./:]+/gu;
const digit = /\p{Nd}/u;

/**
 * A name without what keeps its words apart, so `Checkout API`, `checkout-api`, `checkout_api` and `CheckoutApi`
 * are one. Between two digits a separator stays: `shard-1-2` is not `shard-12`. Other punctuation stays as well.
 * Undefined for a name that can never match.
 */
export function foldedName(name: string | undefined): string | undefined {
  const comparable = comparableName(name);
  const folded = comparable?.replace(separators, (run, at: number, whole: string) => {
    const between = digit.test(whole.slice(0, at).at(-1) ?? '') && digit.test(whole.charAt(at + run.length));
    return between ? '-' : '';
  });
  return folded === '' ? undefined : folded;
}
