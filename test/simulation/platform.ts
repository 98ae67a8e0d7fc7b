import type { BridgeConfig } from '../../lib/adapters/config/bridge-config.ts';
import { type Application, createApplication, type Surroundings } from './application.ts';
import type { Dice } from './dice.ts';
import { createIncarnation, type Incarnation, type IncarnationDeps, type Role } from './incarnation.ts';
import type { Deployment, Scenario } from './scenario.ts';
import { bump } from './tally.ts';

/** Seconds an invocation may take, as serverless.yml says. */
export const timeoutMs = {
  receive: 4_000,
  ingest: 10_000,
  forward: 60_000,
  sweep: 60_000,
  reconcile: 900_000,
} as const;

interface Warm {
  process: Incarnation;
  application: Application;
  config: BridgeConfig;
}

export type Outcome<T> =
  | { kind: 'returned'; value: T }
  | { kind: 'threw'; error: unknown }
  | { kind: 'died' };

/** Runs the functions the way Lambda does: one invocation at a time in an environment, warm ones used again. */
export interface Platform {
  invoke<T>(
    role: keyof typeof timeoutMs,
    run: (application: Application) => Promise<T>,
    done: (outcome: Outcome<T>) => void,
  ): void;
  /** A process outside the pool, such as the command line. */
  spawn(role: Role): Incarnation;
  /** The processes that are at work. */
  running(): string[];
}

export function createPlatform(
  deps: IncarnationDeps,
  scenario: Scenario,
  around: Surroundings,
  dice: Dice,
): Platform {
  const { scheduler } = deps;
  const idle: Record<string, Warm[]> = { receive: [], ingest: [], forward: [], sweep: [], reconcile: [] };
  let serial = 0;
  const running = new Set<string>();

  const spawn = (role: Role): Incarnation => {
    serial += 1;
    const skew = scenario.skewMs === 0 ? 0 : dice.between(-scenario.skewMs, scenario.skewMs);
    return createIncarnation(deps, serial, role, skew);
  };

  /** The configuration a process is started with now; for a while after a deployment either one. */
  const configNow = (): BridgeConfig => {
    const past = scenario.deployments.filter(({ at }) => at <= scheduler.now());
    const latest = past.at(-1) as Deployment;
    const before = past.at(-2);
    const lingers = before && scheduler.now() < latest.at + latest.lingersMs && dice.chance(0.5);
    return (lingers ? before : latest).config;
  };

  const take = (role: keyof typeof timeoutMs): Warm => {
    const config = configNow();
    const pool = idle[role] as Warm[];
    // What an invocation left running in the background may have died since.
    idle[role] = pool.filter(({ process }) => process.alive());
    const at = idle[role].findIndex((warm) => warm.config === config);
    if (at >= 0) {
      const [warm] = idle[role].splice(at, 1) as [Warm];
      if (!dice.chance(scenario.recycleRate)) return warm;
      warm.process.crash();
    }
    const process = spawn(role);
    return { process, config, application: createApplication(process, around, config) };
  };

  return {
    spawn,
    running: () => [...running],
    invoke: (role, run, done) => {
      const warm = take(role);
      const { process } = warm;
      let over = false;
      const name = `${role}-${process.id}`;
      running.add(name);
      bump(around.tally.counts, `${role} invocations`);
      const finish = <T>(outcome: Outcome<T>, report: (outcome: Outcome<T>) => void) => {
        if (over) return;
        over = true;
        running.delete(name);
        report(outcome);
      };
      process.onCrash(() => {
        if (!over) bump(around.tally.counts, 'processes died');
        finish({ kind: 'died' }, done);
      });
      if (scenario.enforceTimeouts) {
        scheduler.after(timeoutMs[role], () => {
          if (!over) process.crash();
        });
      }
      const settle = (outcome: Outcome<never> | Outcome<unknown>) => {
        if (!process.alive() || over) return;
        (idle[role] as Warm[]).push(warm);
        finish(outcome as Outcome<never>, done);
      };
      run(warm.application).then(
        (value) => settle({ kind: 'returned', value }),
        (error: unknown) => settle({ kind: 'threw', error }),
      );
    },
  };
}
