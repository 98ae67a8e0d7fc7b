import { quarantine as kind } from '../../../domain/subject/quarantine.ts';
import type { Subject } from '../subject.ts';

/** Waits for a person (`pdbridge quarantine replay`): it carries no due mark, and nothing is owed. */
export const quarantine: Subject = { kind, work: async () => {} };
