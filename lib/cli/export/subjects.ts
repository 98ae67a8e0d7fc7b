import type { ExportSubject } from './subject.ts';
import { deliveries } from './subjects/deliveries.ts';
import { deployments } from './subjects/deployments.ts';
import { incidents } from './subjects/incidents.ts';

export const exportSubjects: readonly ExportSubject[] = [incidents, deployments, deliveries];
