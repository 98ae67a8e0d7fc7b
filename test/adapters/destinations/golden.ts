import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = 'test/fixtures/golden';

/**
 * What is sent must not change for what was frozen before, so these files are compared byte by byte. For a new
 * sample: WRITE_GOLDEN=1 npx jest test/adapters/destinations writes the files that are missing, and only those.
 */
export function expectGolden(name: string, text: string): void {
  const file = path.join(folder, `${name}.txt`);
  if (!existsSync(file) && process.env['WRITE_GOLDEN']) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}
