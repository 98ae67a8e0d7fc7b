import { prefixed } from './subject-kind.ts';

/** An event that names neither incident nor service: it has a log to itself, under its own id. */
export const noSubject = prefixed('other', 'event');
