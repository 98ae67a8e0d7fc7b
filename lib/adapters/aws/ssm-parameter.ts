import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';

export interface ParameterReaderOptions {
  region: string;
  /** Another endpoint than AWS's, e.g. an emulator or a VPC endpoint. */
  endpoint?: string;
  /** Without them, those of the environment. */
  credentials?: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
  /** Of each of the two attempts. */
  timeoutMs?: number;
}

/** Reads one SSM parameter, decrypted. Throws with SSM's own error code when it cannot. */
export type ReadParameter = (name: string) => Promise<string>;

/**
 * SSM's GetParameter with the signer and the HTTP handler that the DynamoDB client brings along anyway. The
 * whole of `@aws-sdk/client-ssm` would add 78 KB and about 9 ms to every cold start for this one call; this
 * adds neither (`npm run bench` shows it).
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export function createParameterReader(options: ParameterReaderOptions): ReadParameter {
  const { region, credentials = fromEnv(), timeoutMs = 800 } = options;
  const endpoint = new URL(options.endpoint ?? `https://ssm.${region}.${domain(region)}`);
  const signer = new SignatureV4({ service: 'ssm', region, credentials, sha256: Sha256 });
  const http = new NodeHttpHandler({
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    throwOnRequestTimeout: true,
    socketTimeout: timeoutMs,
  });

  return async (name) => {
    const { statusCode, body } = await send(name).catch(() => send(name));
    const answer = parse(body, statusCode);
    const value = answer.Parameter?.Value;
    if (statusCode === 200 && typeof value === 'string') return value;
    throw new Error(explain(name, region, answer, statusCode));
  };

  /** Throws for what another attempt may mend: no connection, a timeout, SSM's own faults. */
  async function send(name: string): Promise<{ statusCode: number; body: Uint8Array }> {
    const request = new HttpRequest({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: '/',
      headers: {
        host: endpoint.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.GetParameter',
      },
      body: JSON.stringify({ Name: name, WithDecryption: true }),
    });
    const { response } = await http.handle((await signer.sign(request)) as HttpRequest);
    const body = await streamCollector(response.body);
    if (response.statusCode >= 500) throw new Error(`SSM answered ${response.statusCode}`);
    return { statusCode: response.statusCode, body };
  }
}

interface Answer {
  Parameter?: { Value?: unknown };
  __type?: string;
  message?: string;
  Message?: string;
}

function parse(bytes: Uint8Array, status: number): Answer {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Answer;
  } catch (cause) {
    throw new Error(`SSM answered ${status} with something that is not JSON`, { cause });
  }
}

/** The answer is never quoted when it could hold the value: only SSM's error code and message are. */
function explain(name: string, region: string, answer: Answer, status: number): string {
  const code = answer.__type?.split('#').at(-1) ?? 'no error code';
  if (code === 'ParameterNotFound') {
    return `SSM has no parameter ${name} in ${region}. Create it: aws ssm put-parameter --type SecureString --name ${name} --value … --region ${region}`;
  }
  // About a signature it quotes the request that was signed, session token included.
  const message = /signature/i.test(code) ? '' : (answer.message ?? answer.Message ?? '');
  return `SSM refused to give the parameter ${name} in ${region}: ${status} ${code} ${message}`.trimEnd();
}

/** The partition's domain; every other region's is Amazon's global one. */
function domain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
