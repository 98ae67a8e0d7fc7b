import { alarmsOf } from '../../infra/alarms.ts';
import { measureDeploymentUnits } from '../../infra/bench/deployment-units.ts';
import { measureWriteUnits } from '../../infra/bench/write-units.ts';
import { tables, textOf } from './document.ts';

const [traffic = [], fixed = [], deployment = []] = tables(textOf('docs/cost.md'));
const number = (cell = ''): number => Number(cell.replace(/[^0-9.]/g, ''));
const dollars = (value: number): string => `$${value.toFixed(2)}`;
const volumes = [1_000, 100_000, 1_000_000];

const total = (rows: string[][]) => rows.at(-1) ?? [];
const items = (rows: string[][]) => rows.slice(0, -1);

describe('the cost by traffic', () => {
  it.each(items(traffic).map((row) => [row[0], row] as const))('of %s is units times price', (_, row) => {
    const each = number(row[1]) * number(row[2]);
    expect(row.slice(3)).toEqual(volumes.map((volume) => dollars((each * volume) / 1e6)));
  });

  it('is their sum', () => {
    const each = items(traffic).reduce((sum, row) => sum + number(row[1]) * number(row[2]), 0);
    expect(total(traffic).slice(3)).toEqual(volumes.map((volume) => `**${dollars((each * volume) / 1e6)}**`));
  });

  it('counts the write units that are measured', async () => {
    const [writes] = traffic;
    const { perEvent } = await measureWriteUnits();
    expect(number(writes?.[1])).toBe(Math.ceil(perEvent));
  });
});

describe('the fixed cost', () => {
  it.each(items(fixed).map((row) => [row[0], row] as const))('of %s is units times price', (_, row) => {
    expect(row[3]).toBe(dollars((number(row[1]) * number(row[2])) / 1e6));
  });

  it('is their sum', () => {
    const sum = items(fixed).reduce((all, row) => all + (number(row[1]) * number(row[2])) / 1e6, 0);
    expect(total(fixed)[3]).toBe(`**${dollars(sum)}**`);
  });

  it('counts the metrics of the alarms that are always there: AWS charges for each', () => {
    const metrics = alarmsOf(['receive', 'forward', 'sweep']).reduce(
      (sum, { of }) => sum + ('metric' in of ? 1 : Object.keys(of.inputs).length),
      0,
    );
    expect(number(fixed.find(([name]) => name === 'Metrics in alarms')?.[1])).toBe(metrics);
  });
});

it('a deployment costs the write units that are measured, and they are by what', async () => {
  const { accept, all, lookedAtAgain, judged } = await measureDeploymentUnits();
  const units = deployment.map((row) => number(row[1]));
  const told = deployment.findIndex(([what]) => what === '**Told**');
  const sum = (some: number[]) => some.reduce((left, each) => left + each, 0);
  expect(units[0]).toBe(accept);
  expect(sum(units.slice(0, told))).toBe(all);
  expect(units.slice(told)).toEqual([all, lookedAtAgain, judged, all + lookedAtAgain + judged]);
});

it('the README names both sums', () => {
  const perLot = (total(traffic)[4] ?? '').replaceAll('*', '');
  const perMonth = (total(fixed)[3] ?? '').replaceAll('*', '');
  expect(textOf('README.md')).toContain(
    `${perMonth} a month and ${perLot} more for every 100 thousand webhooks`,
  );
});
