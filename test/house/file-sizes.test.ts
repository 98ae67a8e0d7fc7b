import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const longest = 250;
const median = 60;

const sizes = ['lib', 'functions']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
  )
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .sort((one, other) => one.lines - other.lines);

it(`no file of code has more than ${longest} lines`, () => {
  expect(sizes.length).toBeGreaterThan(200);
  expect(sizes.filter(({ lines }) => lines > longest)).toEqual([]);
});

it(`half of them have at most ${median}`, () => {
  expect(sizes[Math.floor(sizes.length / 2)]?.lines).toBeLessThanOrEqual(median);
});
