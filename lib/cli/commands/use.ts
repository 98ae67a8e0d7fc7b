import { chosenFile, readChosen, writeChosen } from '../chosen-target.ts';
import { command } from '../command.ts';
import { failed, type Io, printJson, wrongUsage } from '../io.ts';

interface Options {
  region?: string;
  json?: true;
}

/** The bridge on this machine, whose tables are named so. */
const here = 'local';

/** `pdbridge use`: names the deployment once that all further commands work on. */
export function useCommand(io: Io) {
  return command(
    io,
    'use [stage]',
    `says or chooses what commands work on; \`use ${here}\` is this machine`,
    ['use prod --region eu-central-1', `use ${here}`],
  )
    .option('--region <region>', 'its AWS region; without it, the one the AWS CLI would use')
    .action((stage: string | undefined, options: Options) => use(stage, options, io));
}

async function use(stage: string | undefined, { region, json }: Options, io: Io): Promise<void> {
  const { environment } = io;
  const file = chosenFile(environment);
  if (stage === undefined) {
    if (region !== undefined)
      throw wrongUsage('--region needs a stage: `pdbridge use prod --region eu-central-1`.');
  } else {
    if (!/^[A-Za-z0-9-]{1,32}$/.test(stage))
      throw wrongUsage(`A stage has letters, digits and dashes, at most 32: ${stage}`);
    if (stage === here && region !== undefined) throw wrongUsage('This machine has no AWS region.');
    if (file === undefined)
      throw failed(
        'no_config_folder',
        'There is no folder to keep it in: neither XDG_CONFIG_HOME nor HOME is set.',
      );
    await writeChosen(file, stage === here ? undefined : { stage, ...(region !== undefined && { region }) });
  }
  const named = environment['PDBRIDGE_STAGE'];
  const inForce = named === undefined ? await readChosen(environment) : named ? { stage: named } : undefined;
  const regionInForce =
    environment['PDBRIDGE_REGION'] ?? (inForce && 'region' in inForce ? inForce.region : undefined);
  if (json)
    return printJson(io, {
      stage: inForce?.stage ?? null,
      region: (inForce && regionInForce) ?? null,
      from: named === undefined ? (inForce ? 'use' : null) : 'PDBRIDGE_STAGE',
    });
  if (named !== undefined) io.err(`PDBRIDGE_STAGE=${named} is set and goes before what is chosen.\n`);
  if (inForce === undefined) {
    io.out('Commands work on the bridge on this machine.\n');
    return;
  }
  const where = regionInForce === undefined ? 'the region that the AWS CLI would use' : regionInForce;
  io.out(`Commands work on the stage ${inForce.stage} in ${where}.\n`);
}
