import type { Bench } from './bench.ts';
import { measureCatalogSize } from './catalog-size.ts';
import { measureDeploymentUnits } from './deployment-units.ts';
import { measureHanging } from './hanging-destination.ts';
import { measureLongIncident } from './long-incident.ts';
import { measureReceiveCpu } from './receive-cpu.ts';
import { measureWriteUnits } from './write-units.ts';

export const receiveCpu: Bench = {
  id: 'cpu',
  title: 'Processor time of receive for one webhook, the store port stubbed',
  async run(report) {
    const { bodyBytes, receiveMicros, floorMicros, ratio } = await measureReceiveCpu();
    report({ name: 'webhook', value: bodyBytes, unit: 'bytes' });
    report({ name: 'receive', value: receiveMicros / 1000, unit: 'ms' });
    report({ name: 'the floor: one HMAC and one JSON.parse', value: floorMicros / 1000, unit: 'ms' });
    report({ name: 'receive / floor', value: ratio, unit: 'ratio', aim: 2.5 });
  },
};

export const writeUnits: Bench = {
  id: 'write-units',
  title: 'Write units of one webhook with two destinations, indexes included',
  async run(report) {
    const figures = await measureWriteUnits();
    report({ name: 'webhook', value: figures.bodyBytes, unit: 'bytes' });
    report({ name: 'to receive it', value: figures.receive, unit: 'write units', aim: 5 });
    report({
      name: "in all, an incident's first event",
      value: figures.firstEvent,
      unit: 'write units',
      aim: 24,
    });
    report({ name: 'in all, on average of three', value: figures.perEvent, unit: 'write units', aim: 25 });
    for (const [table, units] of Object.entries(figures.byTable)) {
      report({ name: `of these, table ${table}`, value: units, unit: 'write units' });
    }
  },
};

export const deploymentUnits: Bench = {
  id: 'deployment-units',
  title: 'Write units of one deployment with one destination, indexes included',
  async run(report) {
    const { accept, all, byTable, lookedAtAgain, judged } = await measureDeploymentUnits();
    report({ name: 'to accept it', value: accept, unit: 'write units', aim: 5 });
    report({ name: 'until it is delivered', value: all, unit: 'write units', aim: 12 });
    for (const [table, units] of Object.entries(byTable)) {
      report({ name: `of these, table ${table}`, value: units, unit: 'write units' });
    }
    report({ name: 'looked at again after five minutes', value: lookedAtAgain, unit: 'write units' });
    report({ name: 'judged when its window is over', value: judged, unit: 'write units' });
  },
};

export const longIncident: Bench = {
  id: 'long-incident',
  title: 'One more event of an incident that already has many',
  async run(report) {
    const figures = await measureLongIncident();
    report({ name: 'events', value: figures.events, unit: 'count' });
    report({ name: 'among the first hundred', value: figures.firstMillis, unit: 'ms' });
    report({ name: 'among the last hundred', value: figures.lastMillis, unit: 'ms' });
    report({ name: 'last / first', value: figures.ratio, unit: 'ratio', aim: 2 });
    report({ name: 'units of one of the first', value: figures.firstUnits, unit: 'capacity units' });
    report({ name: 'units of one of the last', value: figures.lastUnits, unit: 'capacity units' });
  },
};

export const catalogSize: Bench = {
  id: 'catalog-size',
  title: 'Matching one incident by name, all layers on, in a small and in a large catalog',
  async run(report) {
    const figures = await measureCatalogSize();
    report({ name: `${figures.small} services`, value: figures.smallMillis, unit: 'ms' });
    report({ name: `${figures.large} services`, value: figures.largeMillis, unit: 'ms' });
    report({ name: 'large / small', value: figures.ratio, unit: 'ratio', aim: 1.1 });
    report({ name: 'requests', value: figures.requests, unit: 'count' });
    report({ name: 'round trips', value: figures.roundTrips, unit: 'count', aim: 2 });
    report({ name: 'pushing the large catalog', value: figures.pushSeconds * 1000, unit: 'ms' });
  },
};

export const hangingDestination: Bench = {
  id: 'hanging',
  title: 'Webhook to delivery, 99th percentile, while a third destination hangs',
  async run(report) {
    const figures = await measureHanging();
    report({ name: 'all three answer', value: figures.withoutMillis, unit: 'ms' });
    report({ name: 'the other two of a hanging one', value: figures.withMillis, unit: 'ms' });
    report({
      name: `hanging / answering, median of ${figures.pairs} pairs`,
      value: figures.ratio,
      unit: 'ratio',
      aim: 2,
    });
  },
};
