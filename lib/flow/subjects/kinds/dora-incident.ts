import { doraIncident as kind } from '../../../domain/subject/dora-incident.ts';
import type { Subject } from '../subject.ts';
import { incident } from './incident.ts';

/** Worked on as PagerDuty's incidents are; what differs is how its log is read (domain/incident/dialects). */
export const doraIncident: Subject = { ...incident, kind };
