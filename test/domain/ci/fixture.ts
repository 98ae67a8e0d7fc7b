import { readFileSync } from 'node:fs';

/** A payload of test/fixtures/ci, with changes at paths such as `deployment.task`; undefined takes a key away. */
export function fixture(name: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const payload = JSON.parse(readFileSync(`test/fixtures/ci/${name}.json`, 'utf8'));
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    const parent = steps.reduce((inner, step) => inner[step], payload);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return payload;
}
