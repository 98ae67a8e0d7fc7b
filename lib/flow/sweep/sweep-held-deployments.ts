import { deployment } from '../../domain/subject/deployment.ts';
import { heldDeployments } from '../../store/deployments/deployments.ts';
import { judgedByOf } from '../deployments/attribute.ts';
import { forEachLimited } from '../subjects/concurrency.ts';
import { workSubject } from '../subjects/work-subject.ts';
import type { SweepRun } from './sweep-report.ts';

const atOnce = 8;
const batch = 100;

/** Deployments of repositories that nobody knew are looked up again when catalog or configuration are others. */
export async function sweepHeldDeployments({ deps, report, stopAtMs }: SweepRun): Promise<void> {
  const { store, clock, matcher } = deps;
  const judgedBy = judgedByOf(deps, await matcher.currentGeneration());
  const seen = new Set<string>();
  for (;;) {
    const held = await heldDeployments(store, judgedBy, batch);
    const fresh = held.filter((id) => !seen.has(id));
    await forEachLimited(fresh, atOnce, async (id) => {
      seen.add(id);
      await workSubject(deps, { subject: deployment.key(id), logKeys: [] }, stopAtMs);
      report.held += 1;
    });
    if (fresh.length === 0 || clock.now() >= stopAtMs) return;
  }
}
