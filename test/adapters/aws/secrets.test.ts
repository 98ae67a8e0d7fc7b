import { createSecrets } from '../../../lib/adapters/aws/secrets.ts';
import { createTelemetry } from '../../../lib/adapters/telemetry/telemetry.ts';

const reference = 'ssm:/pagerduty-bridge/signing-secrets';

function setUp(environment: Record<string, string> = {}) {
  const world = {
    now: Date.parse('2026-03-02T10:00:00Z'),
    parameter: 'one,two' as string | Error,
    reads: [] as string[],
    lines: [] as string[],
    count: (metric: string) => world.lines.filter((line) => JSON.parse(line)[metric] === 1).length,
  };
  const clock = { now: () => world.now };
  const secrets = createSecrets({
    environment,
    clock,
    telemetry: createTelemetry({ write: (line) => world.lines.push(line), service: 'test', clock }),
    async readParameter(name) {
      world.reads.push(name);
      await Promise.resolve();
      if (world.parameter instanceof Error) throw world.parameter;
      return world.parameter;
    },
  });
  return { world, secrets };
}

describe('where a secret comes from', () => {
  it('is the SSM parameter named after ssm:', async () => {
    const { world, secrets } = setUp();
    expect(await secrets.read(reference)).toEqual(['one', 'two']);
    expect(world.reads).toEqual(['/pagerduty-bridge/signing-secrets']);
  });

  it('is the environment variable named after env:', async () => {
    const { secrets } = setUp({ KEYS: ' a , b,,' });
    expect(await secrets.read('env:KEYS')).toEqual(['a', 'b']);
  });

  it.each([
    ['env:MISSING', /environment variable MISSING is not set; set it/],
    ['env:EMPTY', /env:EMPTY is empty; nothing is accepted without a secret/],
    ['env:COMMAS', /is empty/],
    ['plain-text-secret', /neither/],
  ])('%s is an error that names the remedy', async (bad, message) => {
    const { secrets } = setUp({ EMPTY: '', COMMAS: ' , ,' });
    await expect(secrets.read(bad)).rejects.toThrow(message);
  });

  it('without AWS a reference to SSM is an error that says what to use instead', async () => {
    const telemetry = createTelemetry({ write() {}, service: 'test', clock: { now: () => 0 } });
    const secrets = createSecrets({ environment: {}, clock: { now: () => 0 }, telemetry });
    await expect(secrets.read(reference)).rejects.toThrow(/use env:NAME/);
  });
});

describe('the cache', () => {
  it('serves a value for 5 minutes and reads it again after that', async () => {
    const { world, secrets } = setUp();
    await secrets.read(reference);
    world.parameter = 'three';
    world.now += 299_999;
    expect(await secrets.read(reference)).toEqual(['one', 'two']);
    world.now += 1;
    expect(await secrets.read(reference)).toEqual(['three']);
    expect(world.reads).toHaveLength(2);
  });

  it('makes one call for many readers at once', async () => {
    const { world, secrets } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => secrets.read(reference)));
    expect(world.reads).toHaveLength(1);
  });

  it('is passed over by a forced read, so that a rotation works at once', async () => {
    const { world, secrets } = setUp();
    await secrets.read(reference);
    world.parameter = 'three,one';
    expect(await secrets.read(reference, { fresh: true })).toEqual(['three', 'one']);
  });

  it('bounds forced reads to one in 30 seconds, however many forgeries come in', async () => {
    const { world, secrets } = setUp();
    await secrets.read(reference);
    for (let n = 0; n < 100; n++) {
      await secrets.read(reference, { fresh: true });
      world.now += 299;
    }
    expect(world.reads).toHaveLength(2);
    world.now += 100;
    await secrets.read(reference, { fresh: true });
    expect(world.reads).toHaveLength(3);
  });
});

describe('when SSM fails', () => {
  it('the last good value is served, the failure is counted, and the next try waits 15 seconds', async () => {
    const { world, secrets } = setUp();
    await secrets.read(reference);
    world.parameter = new Error('timeout');
    world.now += 300_000;
    expect(await secrets.read(reference)).toEqual(['one', 'two']);
    expect(world.count('SecretsReadFailed')).toBe(1);
    world.now += 14_999;
    expect(await secrets.read(reference)).toEqual(['one', 'two']);
    expect(world.reads).toHaveLength(2);
    world.now += 1;
    world.parameter = 'new';
    expect(await secrets.read(reference)).toEqual(['new']);
  });

  it('an emptied parameter does not open the door: the last good value is served', async () => {
    const { world, secrets } = setUp();
    await secrets.read(reference);
    world.parameter = ' , ';
    expect(await secrets.read(reference, { fresh: true })).toEqual(['one', 'two']);
  });

  it('a first read fails, is counted, and is tried again by the next reader', async () => {
    const { world, secrets } = setUp();
    world.parameter = new Error('AccessDeniedException');
    await expect(secrets.read(reference)).rejects.toThrow('AccessDenied');
    expect(world.count('SecretsReadFailed')).toBe(1);
    world.parameter = 'now-there';
    expect(await secrets.read(reference)).toEqual(['now-there']);
  });

  it('no log line holds a value', async () => {
    const { world, secrets } = setUp();
    world.parameter = 's3cr3t';
    await secrets.read(reference);
    world.parameter = new Error('down');
    await secrets.read(reference, { fresh: true });
    expect(world.lines.join()).not.toContain('s3cr3t');
    expect(world.lines.length).toBeGreaterThan(0);
  });
});
