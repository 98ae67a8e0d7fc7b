import { waitingClock } from '../adapters/aws/lambda-runtime.ts';
import { ownCredentials } from '../adapters/aws/own-credentials.ts';
import { createSecrets } from '../adapters/aws/secrets.ts';
import { createParameterReader } from '../adapters/aws/ssm-parameter.ts';
import type { Secrets } from '../ports.ts';
import type { Io } from './io.ts';
import type { TargetOptions } from './target.ts';

/** `env:` from the environment, `ssm:` with the credentials that the AWS CLI would use. */
export function secretsOf({ region }: TargetOptions, io: Io): Secrets {
  const where = region ?? io.environment['AWS_REGION'];
  const silent = { info: () => {}, warn: () => {}, error: () => {}, metric: () => {} };
  return createSecrets({
    environment: io.environment,
    clock: waitingClock,
    telemetry: silent,
    ...(where !== undefined && {
      readParameter: createParameterReader({ region: where, credentials: ownCredentials(where) }),
    }),
  });
}
