import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SecretStore } from '../../ports.ts';
import { awsProxy } from '../outgoing-http/proxy.ts';

/** What stands in a parameter until the real one is known, as in the steps of deploying. */
const placeholder = 'not-yet-known';

/** A SecureString of SSM, with the credentials that the AWS CLI would use; made where there is none. */
export function parameterSecrets(name: string, region: string, endpoint?: string): SecretStore {
  const { requestHandler } = awsProxy(`https://ssm.${region}.amazonaws.com`);
  const client = new SSMClient({
    region,
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(requestHandler && { requestHandler }),
  });
  const where = `ssm:${name}`;

  async function value(): Promise<string | undefined> {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
      return Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw refused('be read', error);
    }
  }

  async function put(text: string): Promise<void> {
    const input = { Name: name, Value: text, Type: 'SecureString', Overwrite: true } as const;
    await client.send(new PutParameterCommand(input)).catch((error: unknown) => {
      throw refused('be written', error);
    });
  }

  /** Only SSM's code: its messages about a signature quote the request. */
  const refused = (what: string, error: unknown) =>
    new Error(`${where} in ${region} cannot ${what}: ${(error as Error).name}`);

  return {
    where,
    read: async () => split((await value()) ?? ''),
    proveWritable: async () => put((await value()) ?? placeholder),
    write: (secrets) => put(secrets.length > 0 ? secrets.join(',') : placeholder),
  };
}

const split = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
