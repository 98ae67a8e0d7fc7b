import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Environment } from '../adapters/config/environment.ts';
import type { TargetOptions } from './target.ts';

/** A deployment on AWS that commands work on without being told each time. */
export interface ChosenTarget {
  stage: string;
  region?: string | undefined;
}

const chosen = z.object({ stage: z.string().min(1), region: z.string().min(1).optional() });

/** In the user's folder for configurations; undefined where there is none. */
export function chosenFile(environment: Environment): string | undefined {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const folder =
    environment['XDG_CONFIG_HOME'] ||
    environment['APPDATA'] ||
    (home ? path.join(home, '.config') : undefined);
  return folder && path.join(folder, 'pdbridge', 'target.json');
}

/** What `pdbridge use` has chosen; undefined where nothing is, or where the file cannot be understood. */
export async function readChosen(environment: Environment): Promise<ChosenTarget | undefined> {
  const file = chosenFile(environment);
  if (file === undefined) return undefined;
  try {
    return chosen.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Chooses a deployment, or with undefined the bridge on this machine. */
export async function writeChosen(file: string, target: ChosenTarget | undefined): Promise<void> {
  if (target === undefined) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(target, null, 2)}\n`);
  await rename(draft, file);
}

/**
 * Fills in the stage and region that a command was not given: from `PDBRIDGE_STAGE` and `PDBRIDGE_REGION`, else from
 * what `pdbridge use` has chosen. Says where they are from; undefined where the command goes by its own options. An
 * empty `PDBRIDGE_STAGE` is the bridge on this machine, whatever is chosen.
 */
export async function fillTarget(action: Command, environment: Environment): Promise<string | undefined> {
  if (!action.options.some(({ long }) => long === '--stage')) return undefined;
  const { endpointUrl, tablePrefix, stage, region }: TargetOptions = action.opts();
  if (endpointUrl ?? tablePrefix ?? stage) return undefined;
  const named = environment['PDBRIDGE_STAGE'];
  const found = named === undefined ? await readChosen(environment) : { stage: named };
  if (!found?.stage) return undefined;
  action.setOptionValueWithSource('stage', found.stage, 'env');
  const where = region ?? environment['PDBRIDGE_REGION'] ?? ('region' in found ? found.region : undefined);
  if (where) action.setOptionValueWithSource('region', where, 'env');
  return named === undefined ? '`pdbridge use`' : 'PDBRIDGE_STAGE';
}
