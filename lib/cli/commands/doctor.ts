import { systemClock, waitingClock } from '../../adapters/aws/lambda-runtime.ts';
import { createSecrets } from '../../adapters/aws/secrets.ts';
import type { BridgeConfig } from '../../adapters/config/bridge-config.ts';
import { secretUses } from '../../adapters/config/check-for-deploy.ts';
import { readLocalSettings } from '../../adapters/config/environment.ts';
import { loadLocalConfig } from '../../adapters/laptop/local-config.ts';
import { createNodeHttp } from '../../adapters/outgoing-http/node-http.ts';
import type { PagerDutyApi } from '../../adapters/pagerduty-api/api.ts';
import { PagerDutyFault } from '../../adapters/pagerduty-api/pagerduty-fault.ts';
import { count } from '../../adapters/terminal/plain.ts';
import type { DoctorDeps, Health } from '../../flow/doctor/check.ts';
import { type Examined, examine } from '../../flow/doctor/examine.ts';
import { command } from '../command.ts';
import { configOf, configOption } from '../config-file.ts';
import { deploymentOf } from '../deployment.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';
import { pagerDutyOf } from '../pagerduty-api.ts';
import { secretsOf } from '../secrets.ts';
import { resolveTarget, type TargetOptions, withTarget } from '../target.ts';

interface Options extends TargetOptions {
  config?: string;
  url?: string;
  ping?: true;
  json?: true;
}

/** `pdbridge doctor`: whether all is well, worst first, each with what mends it. */
export function doctorCommand(io: Io) {
  return withTarget(
    command(io, 'doctor', 'says whether all is well, the worst first, each with the command that mends it', [
      'doctor',
      'doctor --stage prod --region eu-central-1 --ping',
    ]),
  )
    .option('--url <url>', 'the address that PagerDuty sends to, where nothing else says it')
    .option(
      '--ping',
      'have PagerDuty send a ping, which shows that its secret is ours; needs a key that may write',
    )
    .option(...configOption)
    .action((options: Options) => doctor(options, io));
}

async function doctor(options: Options, io: Io): Promise<void> {
  if (options.url !== undefined && !URL.canParse(options.url)) throw wrongUsage('--url is not a URL.');
  const config = await configOf(options, io);
  const target = await resolveTarget(options, io);
  if (!options.json) io.err(`Target: ${target.description}\n`);
  const pagerDuty = apiOf(config, options, io);
  const findings = await examine({
    ...(await secretsHere(config, options, io)),
    config,
    configFile: options.config ?? readLocalSettings(io.environment).configFile,
    deployment: await deploymentOf(options, config, io),
    store: target.store,
    http: createNodeHttp({ allowLoopback: true }),
    // Its sleeps are limits that must not keep the process alive, and pauses while a question is under way.
    clock: options.ping ? waitingClock : systemClock,
    ping: options.ping === true,
    ...(pagerDuty && { pagerDuty }),
  });
  const aimed = findings.map((finding) => withTargetNamed(finding, options));
  if (options.json) printJson(io, { findings: aimed.map(forMachines) });
  else show(aimed, io);
  if (findings.some(({ health }) => health === 'fault')) throw failed('doctor');
}

/** A question that somebody waits for: one attempt, within the limit of a check. */
function apiOf(config: BridgeConfig, options: Options, io: Io): PagerDutyApi | undefined {
  try {
    return pagerDutyOf(config, options, io, { timeoutMs: 4_000, tries: 1 });
  } catch (error) {
    if (error instanceof PagerDutyFault) return undefined;
    throw error;
  }
}

/** The secrets as the target reads them: a bridge on this machine has its own in the place of those on AWS. */
async function secretsHere(
  config: BridgeConfig,
  options: Options,
  io: Io,
): Promise<Pick<DoctorDeps, 'secretUses' | 'secrets'>> {
  const { endpointUrl, stage, tablePrefix } = options;
  const elsewhere = endpointUrl ?? stage ?? tablePrefix;
  if (elsewhere !== undefined) return { secretUses: secretUses(config), secrets: secretsOf(options, io) };
  const settings = readLocalSettings(io.environment);
  const configFile = options.config ?? settings.configFile;
  const local = await loadLocalConfig({ ...settings, configFile }, io.environment);
  const silent = { info: () => {}, warn: () => {}, error: () => {}, metric: () => {} };
  return {
    // There, the key of the environment goes before the one that bridge.yml names.
    secretUses: secretUses(local.config).filter(
      ({ path }) => path !== 'pagerduty.token' || !io.environment['PAGERDUTY_TOKEN'],
    ),
    secrets: createSecrets({ environment: local.environment, clock: systemClock, telemetry: silent }),
  };
}

/** What mends a deployment names it, as the command did. */
function withTargetNamed(finding: Examined, options: Options): Examined {
  const { next } = finding;
  const { endpointUrl, tablePrefix, stage, region } = options;
  const target = Object.entries({
    '--endpoint-url': endpointUrl,
    '--table-prefix': tablePrefix,
    '--stage': stage,
    '--region': region,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${value}`]));
  if (next === undefined || target.length === 0) return finding;
  if (/^npx pdbridge /.test(next)) return { ...finding, next: [next, ...target].join(' ') };
  const elsewhere = /^aws /.test(next) && region !== undefined && !next.includes(' --region ');
  return elsewhere ? { ...finding, next: `${next} --region ${region}` } : finding;
}

const marks: Record<Health, string> = { fault: '✗', warning: '!', skipped: '-', ok: '✓' };
const width = 16;

function show(findings: readonly Examined[], io: Io): void {
  for (const { check, health, says, next } of findings) {
    io.out(`${marks[health]} ${check.padEnd(width)}${says}\n`);
    if (next !== undefined && health !== 'ok') io.out(`  ${''.padEnd(width)}→ ${next}\n`);
  }
  const number = (health: Health) => findings.filter((each) => each.health === health).length;
  io.out(
    `\n${count(number('fault'), 'fault')}, ${count(number('warning'), 'warning')}, ${number('ok')} well, ${number('skipped')} not looked at.\n`,
  );
}

const forMachines = ({ check, health, says, next }: Examined) => ({
  check,
  health,
  says,
  ...(next === undefined ? {} : { next }),
});
