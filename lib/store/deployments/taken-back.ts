import type { Row } from '../database/marshalled.ts';

/** Whether it was taken back: by its own id, or as another source's report of one that was. `facts` of its row. */
export const isTakenBack = (facts: Row | undefined): boolean =>
  facts?.['deleted'] === true || (facts?.['shown'] as Row | undefined)?.['deleted'] === true;
