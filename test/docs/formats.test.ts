import { formatName, httpFormatName } from '../../lib/adapters/destinations/formats/format-name.ts';
import { formats } from '../../lib/domain/catalog/formats.ts';
import { quoted, section, tables, textOf } from './document.ts';

describe('output formats', () => {
  const [, shown = []] = tables(textOf('docs/events.md'));
  const [, byType = []] = tables(textOf('docs/configuration.md'));

  it('each have a row that says what is sent', () => {
    expect(shown.map(([name = '']) => quoted(name)[0]).sort()).toEqual([...httpFormatName.options].sort());
    for (const [, what] of shown) expect(what).not.toBe('');
  });

  it.each([
    ['webhook', '`webhook`', httpFormatName.options],
    ['eventbridge, sqs and sns', 'all three', formatName.options],
  ] as const)('of %s are those it takes', (_, type, options) => {
    let current = '';
    const [row] = byType.filter(([first = '', key]) => {
      current = first || current;
      return current === type && key === '`format`';
    });
    expect(quoted(row?.[3] ?? '').sort()).toEqual([...options].sort());
  });
});

it('catalog formats each have a row, and no other has', () => {
  const [rows = []] = tables(section('docs/rules-and-catalog.md', 'The catalog'));
  /** Product and version, if the format has versions. */
  const named = (text: string): string[] => {
    const [product = ''] = text.split(' ');
    const versions = text.match(/\bv\d[\d.]*/g) ?? [''];
    return versions.map((version) => `${product} ${version}`.trim());
  };
  const documented = new Set(rows.flatMap(([format = '']) => named(format)));
  expect([...documented].sort()).toEqual(formats.flatMap(({ title }) => named(title)).sort());
});
