import type { Step } from '../../flow/subscribe/decide.ts';

const why: Record<Extract<Step, { do: 'create' }>['because'], string> = {
  none: '',
  asked: ' in the place of another',
  headers: ' in the place of another, which lacks a header',
  secret: ' in the place of another, whose secret is not ours',
};
const removed: Record<Extract<Step, { do: 'remove' }>['because'], string> = {
  unfinished: 'left unfinished by a run that was broken off',
  replaced: 'another is in its place',
  surplus: 'another tells the same',
};

/** A step in a sentence, done or to be done; undefined for what only we take note of. */
export function sayStep(step: Step, store: string): string | undefined {
  switch (step.do) {
    case 'create':
      return `a subscription is made${why[step.because]}, and its secret kept in ${store}`;
    case 'change':
      return step.because.length === 0 ? undefined : `${step.id}: ${step.because.join(', ')}`;
    case 'enable':
      return `${step.id}: enabled, which PagerDuty had disabled; what happened meanwhile was not sent`;
    case 'prove':
      return `${step.id}: a ping, which shows that its secret is ours`;
    case 'remove':
      return `${step.id}: removed, ${removed[step.because]}`;
    case 'forget':
      return `${step.fingerprints.length} secrets that nobody signs with any more leave ${store}`;
    case 'note':
      return undefined;
  }
}
