import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { contentHash } from '../support/content-hash.ts';
import type { Outcome } from './packaged-service.ts';

/** Everything that decides what is built and packaged. */
const inputs = ['package-lock.json', 'package.json', 'serverless.yml', 'functions', 'infra', 'lib'];
const keptMs = 24 * 3_600_000;

/**
 * What several suites would build or package from the same files is made once. Kept by the content of the files,
 * so that it is never out of date, and for a day.
 */
export function createPackageCache(root: string) {
  const shelf = path.join(root, 'node_modules/.cache/packaged-service');
  const place = (workspace: string, what: string): string =>
    path.join(shelf, contentHash(workspace, inputs, what, root));
  return {
    /** The folder's content comes from before, or from `make`, which says whether it may be kept. */
    async through(
      workspace: string,
      folder: string,
      what: string,
      make: () => Promise<Outcome>,
    ): Promise<Outcome> {
      const kept = place(workspace, what);
      const target = path.join(workspace, folder);
      if (existsSync(kept)) {
        rmSync(target, { recursive: true, force: true });
        cpSync(kept, target, { recursive: true });
        return { code: 0, output: '' };
      }
      const made = await make();
      if (made.code !== 0) return made;
      mkdirSync(shelf, { recursive: true });
      for (const name of readdirSync(shelf)) {
        const old = path.join(shelf, name);
        if (statSync(old).mtimeMs < Date.now() - keptMs) rmSync(old, { recursive: true, force: true });
      }
      // Another suite may be at the same: whoever comes second finds the place taken, by the same content.
      const draft = path.join(shelf, `draft-${randomUUID()}`);
      cpSync(target, draft, { recursive: true });
      try {
        renameSync(draft, kept);
      } catch {
        rmSync(draft, { recursive: true, force: true });
      }
      return made;
    },
  };
}
