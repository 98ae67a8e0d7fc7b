import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ready } from '../../lib/adapters/laptop/ready-file.ts';
import { isAlive } from '../../lib/adapters/laptop/ready-file.ts';
import { blocks } from '../docs/document.ts';
import { eventually } from './bridge-process.ts';
import { bundled, type Child, run } from './child-process.ts';

const fromBundle = await bundled('lib/local/demo/main.ts');

/** The only place on disk of a demo, so that a test sees what it leaves behind. */
const placeOnDisk = () => mkdtempSync(join(tmpdir(), 'demo-test-'));

/** What the bridge under the demo says of itself. */
function readyFile(folder: string): Promise<Ready> {
  const look = () => {
    const [name] = readdirSync(folder).filter((each) => each.startsWith('pagerduty-bridge-demo-'));
    const file = name && join(folder, name, 'ready.json');
    return file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Ready) : undefined;
  };
  return eventually(look, (ready) => ready !== undefined) as Promise<Ready>;
}

async function expectNothingLeft(folder: string, { pid }: Ready): Promise<void> {
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  await eventually(
    () => isAlive(pid),
    (alive) => !alive,
  );
}

describe('npm run demo', () => {
  it("plays the story to its end and loses nothing, with its hands off this machine's settings", async () => {
    const folder = placeOnDisk();
    // Word for word what `npm run demo` starts.
    const demo = run(process.execPath, ['lib/local/start.mjs', 'demo'], {
      TMPDIR: folder,
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:1',
      BRIDGE_API_KEYS: 'key-of-somebody-else',
      BRIDGE_CONFIG: 'no-such-file.yml',
      BRIDGE_CATALOG: 'no-such-folder',
      BRIDGE_DATA_DIR: 'no-such-folder',
      BRIDGE_TABLE_PREFIX: 'production-',
      PAGERDUTY_SIGNING_SECRETS: 'secret-of-somebody-else',
      PORT: 'none',
      HOST: '192.0.2.1',
    });
    const ready = await readyFile(folder);
    const code = await demo.ended;
    expect(demo.errors()).toBe('');
    expect(code).toBe(0);
    const output = demo.lines.join('\n');
    expect(demo.lines.filter((line) => line.length > 80)).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
    expect(output).not.toMatch(/\u001b/);

    for (const rule of ['service_url', 'service_name', 'team_name', 'service_name_as_team', 'pinned']) {
      expect(output).toMatch(new RegExp(`why  ${rule} |^ {8}${rule} `, 'm'));
    }
    expect(output).toContain('held unmatched');
    const excerpt = blocks('text').find(({ file, heading }) => file === 'README.md' && heading === 'Try it');
    // The story is told as of today, so its weekdays are others every day.
    const anyDay = (line: string) => line.replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=\d\d:)/, 'Day ');
    const lines = demo.lines.map(anyDay);
    let at = 0;
    for (const line of excerpt?.text.split('\n').map(anyDay) ?? ['the README shows nothing']) {
      expect(lines.slice(at)).toContain(line);
      at = lines.indexOf(line, at) + 1;
    }
    expect(output).toContain('restored in 26 min');
    expect(output).toContain('202 duplicate, 19 times');
    expect(output).toContain('late, by now resolved');
    expect(output).toContain('caused by 2.4.0');
    expect(output).toMatch(/change_failure_rate +25\.0 %/);
    expect(output).toMatch(/incidents_per_deployment +50\.0 %/);
    expect(output).toMatch(/failed_deployment_recovery_time +30 min/);
    expect(output).toContain('Linked to it: Q9BR0KEN240CKT.');
    expect(output).toContain('answered 503 authentication_failed');
    for (const [label, number] of [
      ['webhooks sent', 45],
      ['  answered 202 accepted', 23],
      ['  answered 202 duplicate', 20],
      ['  answered 202 pong', 1],
      ['  answered 503 authentication_failed', 1],
      ['stored: webhooks in the log', 23],
      ['forwarded: events the destination accepted', 23],
      ['held: incidents that wait for a match', 0],
      ['missing', 0],
      ['double', 0],
      ['out of order', 0],
      ['refused by the destination', 0],
    ] as const) {
      expect(demo.lines).toContain(`   ${label.padEnd(48)}${String(number).padStart(4)}`);
    }
    expect(output).toContain('Nothing is missing');
    expect(existsSync('no-such-folder')).toBe(false);
    await expectNothingLeft(folder, ready);
  });
});

describe('npm run demo, ended in the middle', () => {
  async function end(by: (demo: Child, ready: Ready) => void) {
    const folder = placeOnDisk();
    const demo = fromBundle([], { TMPDIR: folder });
    const ready = await readyFile(folder);
    await demo.line(/^Rule 1/);
    by(demo, ready);
    const code = await demo.ended;
    return { code, demo, ready, folder };
  }
  /** Side by side: each waits for its story to begin. */
  const ends = new Map<string, ReturnType<typeof end>>();
  beforeAll(() => {
    ends.set(
      'the bridge dies',
      end((_, { pid }) => process.kill(pid, 'SIGKILL')),
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      ends.set(
        signal,
        end((demo) => demo.process.kill(signal)),
      );
    // Whoever waits for one learns how it ended; until then nobody listens.
    for (const each of ends.values()) each.catch(() => {});
  });
  const endOf = (how: string) => ends.get(how) as ReturnType<typeof end>;

  it('fails and says so when the bridge dies in the middle', async () => {
    const { code, demo, ready, folder } = await endOf('the bridge dies');
    expect(code).toBe(1);
    expect(demo.errors()).toContain('The bridge has ended (SIGKILL)');
    expect(demo.lines.join('\n')).not.toContain('Nothing is missing');
    await expectNothingLeft(folder, ready);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('takes the bridge with it on %s', async (signal, code) => {
    const ended = await endOf(signal);
    expect(ended.code).toBe(code);
    await expectNothingLeft(ended.folder, ended.ready);
  });
});
