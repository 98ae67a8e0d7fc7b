import { CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { redact } from '../adapters/telemetry/redact.ts';
import { harmless } from '../adapters/terminal/harmless.ts';
import { fillTarget } from './chosen-target.ts';
import { group } from './command.ts';
import { catalogCommand } from './commands/catalog.ts';
import { configCommand } from './commands/config.ts';
import { deliveriesCommand } from './commands/deliveries.ts';
import { deploymentsCommand } from './commands/deployments.ts';
import { doctorCommand } from './commands/doctor.ts';
import { doraCommand } from './commands/dora.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { importPagerDuty } from './commands/import-pagerduty.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { mappingsCommand } from './commands/mappings.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { servicesCommand } from './commands/services.ts';
import { subscribeCommand } from './commands/subscribe.ts';
import { triggerCommand } from './commands/trigger.ts';
import { useCommand } from './commands/use.ts';
import { verifyCommand } from './commands/verify.ts';
import { explainError } from './explain-error.ts';
import { Exit, type Io, printJson } from './io.ts';
import type { TargetOptions } from './target.ts';

const about =
  'Looks into the bridge and corrects it. Its target is the bridge that runs on this machine (npm start), ' +
  'unless --endpoint-url with --table-prefix name another DynamoDB, or --stage (or --table-prefix) and ' +
  '--region a deployment on AWS. `pdbridge use`, or PDBRIDGE_STAGE and PDBRIDGE_REGION, name it once for all.';

export function program(io: Io) {
  const commands = [
    triggerCommand,
    incidentsCommand,
    deploymentsCommand,
    mappingsCommand,
    servicesCommand,
    doctorCommand,
    subscribeCommand,
    importPagerDuty,
    reconcileCommand,
    explainCommand,
    catalogCommand,
    deliveriesCommand,
    doraCommand,
    exportCommand,
    quarantineCommand,
    verifyCommand,
    configCommand,
    useCommand,
  ];
  return (
    group(
      io,
      'pdbridge',
      about,
      commands.map((make) => make(io)),
    )
      // An option belongs to the command it stands behind.
      .enablePositionalOptions()
      .version(packageJson.version, '--version', 'print the version')
      .hook('preAction', async (_, action) => {
        const from = await fillTarget(action, io.environment);
        if (from === undefined) return;
        const { stage, region } = action.opts<TargetOptions>();
        io.err(`Stage ${stage}${region === undefined ? '' : ` in ${region}`}, from ${from}.\n`);
      })
  );
}

/** Exit codes: 0 success, 1 a check failed or the work could not be done, 2 wrong usage. */
export async function runCli(args: string[], terminal: Io): Promise<number> {
  const io: Io = {
    ...terminal,
    out: (text) => terminal.out(harmless(text)),
    err: (text) => terminal.err(harmless(text)),
  };
  try {
    await program(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said by itself what is wrong; help that was asked for is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const exit =
      error instanceof Exit ? error : new Exit(1, 'unexpected', String(redact(explainError(error))));
    if (exit.message) {
      if (args.includes('--json')) printJson(io, { error: exit.code, message: exit.message });
      io.err(`${exit.message}\n`);
    }
    return exit.exitCode;
  }
}
