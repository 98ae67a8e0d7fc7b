import type { Command } from 'commander';
import { collect, command } from '../command.ts';
import { configOption } from '../config-file.ts';
import { type GitOptions, gitFacts } from '../git-facts.ts';
import { type Io, wrongUsage } from '../io.ts';
import { nanoseconds, type ReportOptions, reportToDora } from '../report-to-dora.ts';

interface Options extends GitOptions, ReportOptions {
  id?: string;
  startedAt?: string;
  finishedAt?: string;
  env?: string;
  version?: string;
  team?: string;
  customTags?: string[];
}

/** `pdbridge dora deployment`: what `datadog-ci dora deployment` does, to any address, and it fails when it is refused. */
export function doraDeployment(io: Io) {
  return common(
    command(io, 'deployment', 'reports a deployment, with the options of datadog-ci', [
      'dora deployment --service checkout-api --env prod --started-at 1772445600 --version 1.4.2',
      'dora deployment --service checkout-api --started-at "$START" --url https://api.bridge.example.com --api-key "$KEY"',
    ]),
  )
    .option('--service <name>', 'what was deployed (or DD_SERVICE)')
    .action(async (options: Options & { service?: string }) => {
      const service = options.service ?? io.environment['DD_SERVICE'];
      if (!service) throw wrongUsage('Give --service, or set DD_SERVICE.');
      const attributes = {
        service,
        ...factsOf(options, io),
        finished_at: options.finishedAt ? nanoseconds('--finished-at', options.finishedAt) : io.now() * 1e6,
        git: await gitFacts(options, process.cwd()),
      };
      const reported = {
        path: '/api/v2/dora/deployment',
        noun: 'deployment' as const,
        services: [service],
        attributes,
      };
      await reportToDora(reported, options, io);
    });
}

/** `pdbridge dora failure`: an incident, its start, its end, or both. */
export function doraFailure(io: Io) {
  return common(
    command(io, 'failure', 'reports an incident; without --finished-at, that it goes on', [
      'dora failure --service checkout-api --env prod --started-at 1772445600 --severity SEV-2 --name "Checkout is slow"',
      'dora failure --service checkout-api --env prod --started-at 1772445600 --finished-at 1772447400',
    ]),
  )
    .option('--service <name>', 'what is failing (or DD_SERVICE); may be repeated', collect)
    .option('--name <text>', 'what it is called')
    .option('--severity <severity>', 'how bad it is')
    .action(async (options: Options & { service?: string[]; name?: string; severity?: string }) => {
      const fromEnvironment = io.environment['DD_SERVICE'];
      const services = options.service ?? (fromEnvironment ? [fromEnvironment] : []);
      if (services.length === 0 && !options.team) throw wrongUsage('Give --service or --team.');
      const { gitRepositoryUrl, gitCommitSha } = options;
      // The commit of this folder is nothing to an incident: it is told only where it is given.
      const git = gitRepositoryUrl || gitCommitSha ? await gitFacts(options, process.cwd()) : undefined;
      const attributes = {
        services,
        ...factsOf(options, io),
        ...(options.finishedAt && { finished_at: nanoseconds('--finished-at', options.finishedAt) }),
        name: options.name,
        severity: options.severity,
        git,
      };
      await reportToDora(
        { path: '/api/v2/dora/failure', noun: 'failure', services, attributes },
        options,
        io,
      );
    });
}

const common = (made: Command): Command =>
  made
    .option('--started-at <time>', 'Unix seconds or ISO 8601')
    .option('--finished-at <time>', 'the same; of a deployment, now if it is not given')
    .option('--env <env>', 'environment (or DD_ENV)')
    .option('--version <version>', 'version of the service')
    .option('--team <team>', 'its team; without it, its owner in the catalog')
    .option('--custom-tags <key:value>', 'a tag; may be repeated', collect)
    .option('--git-repository-url <url>', 'the repository; of a deployment, that of this folder if not given')
    .option('--git-commit-sha <sha>', 'the commit; likewise')
    .option('--skip-git', 'send neither')
    .option('--id <id>', 'an id of your own, 16 to 128 of A-Z a-z 0-9 - _ . :')
    .option('--url <url>', 'base of the API; without it, the bridge on this machine')
    .option('--api-key <key>', 'its key; without it, DD_API_KEY, or the key of the bridge on this machine')
    .option('--dry-run', 'show what would be sent, and send nothing')
    .option(...configOption);

function factsOf({ id, startedAt, env, version, team, customTags }: Options, io: Io) {
  if (startedAt === undefined) throw wrongUsage('Give --started-at, in Unix seconds or ISO 8601.');
  return {
    id,
    started_at: nanoseconds('--started-at', startedAt),
    env: env ?? (io.environment['DD_ENV'] || undefined),
    version,
    team,
    custom_tags: customTags,
  };
}
