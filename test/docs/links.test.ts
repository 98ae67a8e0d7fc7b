import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchor, blocks, files, headings, textOf } from './document.ts';

/** Links as they are clicked on: `target` is a path from the root, `section` what stands after `#`. */
const links = files.flatMap((file) =>
  [...textOf(file).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => {
    const [target = '', section] = link.split('#');
    return { file, link, target: target === '' ? file : join(dirname(file), target), section };
  }),
);

it.each(links)('$file: $link is there', ({ target, section }) => {
  expect(existsSync(target)).toBe(true);
  if (section !== undefined) expect(headings(target).map(anchor)).toContain(section);
});

it.each(files)('no heading of %s is there twice', (file) => {
  expect([...new Set(headings(file))]).toEqual(headings(file));
});

it.each(files.filter((file) => file.startsWith('docs/')))('the README leads to %s', (file) => {
  expect(links).toContainEqual(expect.objectContaining({ file: 'README.md', target: file }));
});

const paths = files.flatMap((file) =>
  [...textOf(file).matchAll(/`((?:lib|functions|infra|test|docs)\/[\w./-]+)`/g)].map(([, path = '']) => ({
    file,
    path,
  })),
);

it.each(paths)('$file names a file or folder that is there: $path', ({ path }) => {
  expect(existsSync(path)).toBe(true);
});

it.each(['flow', 'adapters', 'store', 'domain'])(
  'the drawing of the floors has every folder of lib/%s',
  (floor) => {
    const [drawing] = blocks('text').filter(({ heading }) => heading === 'The floors');
    const storey = drawing?.text.split(/^ ─+$/m).find((lines) => lines.includes(` lib/${floor} `)) ?? '';
    const folders = readdirSync(`lib/${floor}`, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(storey.match(/[\w-]+/g)).toEqual(expect.arrayContaining(folders.map(({ name }) => name)));
  },
);

it('the README is read to its end: it has at most 220 lines', () => {
  expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(220);
});
