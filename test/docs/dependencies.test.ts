import { readFileSync } from 'node:fs';
import { tables, textOf } from './document.ts';

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const needed = Object.keys(json('package.json').dependencies);
const [rows = []] = tables(textOf('docs/dependencies.md'));

describe('what is needed to run the bridge', () => {
  it('is in the list, each with its reason', () => {
    expect(rows.map(([name = '']) => name.replaceAll('`', '').trim()).sort()).toEqual([...needed].sort());
    expect(rows.filter((row) => !row[2]?.trim())).toEqual([]);
  });

  it.each(needed)('is of the licence that is in the list: %s', (name) => {
    const listed = rows.find((row) => row[0]?.includes(`\`${name}\``))?.[1];
    expect(listed).toBe(json(`node_modules/${name}/package.json`).license);
  });

  it('asks for nothing in return, nor does what it needs in turn', () => {
    const free = new Set([
      'MIT',
      'ISC',
      '0BSD',
      'Apache-2.0',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'BlueOak-1.0.0',
    ]);
    const packages = json('package-lock.json').packages as Record<string, { dev?: true; license?: string }>;
    const others = Object.entries(packages).filter(([path, { dev, license = '' }]) => {
      const parts = license.replace(/[()]/g, '').split(/ (?:AND|OR) /);
      return path !== '' && !dev && !parts.every((part) => free.has(part));
    });
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  it('is in the lock with a checksum each, from no registry in particular', () => {
    const packages = json('package-lock.json').packages as Record<
      string,
      { integrity?: string; link?: true }
    >;
    const loose = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path !== '' && !link && !/^sha512-/.test(integrity ?? ''),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved": "http/);
  });
});
