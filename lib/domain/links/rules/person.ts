import { type LinkRule, silent } from '../rule.ts';

/** A person's word is final, also that no deployment caused it. */
export const person: LinkRule = {
  name: 'person',
  judge({ person: said }) {
    if (!said) return silent('Nobody has said which deployment it was.');
    const who = said.who ?? 'A person';
    const note = said.note === undefined ? '' : `: ${said.note}`;
    const what = said.deploymentId === null ? 'no deployment' : `deployment ${said.deploymentId}`;
    return {
      decided: true,
      deploymentId: said.deploymentId,
      reason: `${who} said that ${what} caused it${note}.`,
    };
  },
};
