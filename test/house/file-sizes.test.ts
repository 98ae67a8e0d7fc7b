import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const longest = 250;
const median = 60;

const sizesIn = (...folders: string[]) =>
  folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file))
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .sort((one, other) => one.lines - other.lines);
const shipped = sizesIn('lib', 'functions');

it(`no file of code has more than ${longest} lines`, () => {
  const infra = sizesIn('infra');
  expect(shipped.length).toBeGreaterThan(200);
  expect(infra.length).toBeGreaterThan(20);
  expect([...shipped, ...infra].filter(({ lines }) => lines > longest)).toEqual([]);
});

it(`half of them have at most ${median}`, () => {
  expect(shipped[Math.floor(shipped.length / 2)]?.lines).toBeLessThanOrEqual(median);
});
