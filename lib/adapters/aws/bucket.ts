import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { awsProxy } from '../outgoing-http/proxy.ts';

export interface Bucket {
  put(key: string, content: Uint8Array): Promise<void>;
  /** Nothing being there is as good. */
  remove(key: string): Promise<void>;
}

const timeoutMs = 120_000;
const tries = 3;

/**
 * An S3 bucket, with the signer and the handler that are here anyway: the client of S3 would more than double
 * `pdbridge` for two requests. Region and credentials are those the AWS CLI would use; `AWS_ENDPOINT_URL_S3` names
 * another endpoint, whose buckets are in the path. https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export async function createBucket(
  name: string,
  { region, endpoint }: { region?: string | undefined; endpoint?: string | undefined },
): Promise<Bucket> {
  const { config } = new DynamoDBClient(region === undefined ? {} : { region });
  const where = await config.region();
  const { url, folder } = addressOf(name, where, endpoint);
  const signer = new SignatureV4({
    service: 's3',
    region: where,
    credentials: config.credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { requestHandler } = awsProxy(url.href);
  const http = new NodeHttpHandler({
    requestTimeout: timeoutMs,
    ...(requestHandler && { httpsAgent: requestHandler.httpsAgent }),
  });

  async function send(method: 'PUT' | 'DELETE', key: string, body: Uint8Array | undefined): Promise<void> {
    const request = new HttpRequest({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port ? { port: Number(url.port) } : {}),
      path: `${folder}/${key.split('/').map(escaped).join('/')}`,
      headers: { host: url.host, ...(body && { 'content-length': String(body.length) }) },
      ...(body && { body }),
    });
    const { response } = await http.handle((await signer.sign(request)) as HttpRequest);
    const answer = new TextDecoder().decode(await streamCollector(response.body));
    if (response.statusCode < 300) return;
    const code = /<Code>([^<]{1,100})<\/Code>/.exec(answer)?.[1] ?? 'no error code';
    throw new RefusedByS3(
      `S3 answered ${response.statusCode} ${code} to s3://${name}/${key}`,
      response.statusCode,
    );
  }

  async function sendAtLast(...request: Parameters<typeof send>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(...request);
      } catch (error) {
        const final = error instanceof RefusedByS3 && error.status < 500;
        if (final || attempt === tries) throw error;
      }
    }
  }

  return {
    put: (key, content) => sendAtLast('PUT', key, content),
    remove: (key) => sendAtLast('DELETE', key, undefined),
  };
}

class RefusedByS3 extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.name = 'RefusedByS3';
    this.status = status;
  }
}

/** A name with a dot fits no certificate, so it stands in the path. */
function addressOf(name: string, region: string, other: string | undefined): { url: URL; folder: string } {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  if (other !== undefined || name.includes('.')) {
    return { url: new URL(other ?? `https://s3.${region}.${domain}`), folder: `/${escaped(name)}` };
  }
  return { url: new URL(`https://${name}.s3.${region}.${domain}`), folder: '' };
}

/** As the signature wants it (RFC 3986). */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
