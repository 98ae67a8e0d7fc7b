import { parseBridgeConfig } from '../../../lib/adapters/config/parse-bridge-config.ts';

const at = (host: string, more = '') =>
  parseBridgeConfig(
    `authenticate: { signing_secrets: env:A }\ndestinations: [{ name: q, type: sqs, queue_url: "${host}/123456789012/q"${more} }]\n`,
  ).faults?.map(({ path }) => path);

describe('where a queue is', () => {
  it.each([
    'https://sqs.eu-central-1.amazonaws.com',
    'https://sqs-fips.us-gov-west-1.amazonaws.com',
    'https://sqs.cn-north-1.amazonaws.com.cn',
    'https://sqs.eu-west-1.api.aws',
    'https://eu-west-3.queue.amazonaws.com',
    'https://queue.amazonaws.com',
    'https://vpce-0a1b2c3d-x9y8z7.sqs.us-east-1.vpce.amazonaws.com',
    'http://127.0.0.1:9324',
  ])('may be %s', (host) => {
    expect(at(host)).toBeUndefined();
  });

  it.each([
    'https://hooks.example.com',
    'https://sqs.eu-central-1.amazonaws.com.evil.example',
    'https://evil.example/sqs.eu-central-1.amazonaws.com',
    'https://my-bucket.s3.eu-central-1.amazonaws.com',
    'https://abc123.execute-api.eu-central-1.amazonaws.com',
    'https://xsqs.eu-central-1.amazonaws.com',
  ])('may not be %s', (host) => {
    expect(at(host)).toEqual(['destinations[0].queue_url']);
  });

  it('may be elsewhere where an endpoint says who is asked', () => {
    expect(at('https://queues.example.com', ', endpoint: "https://sqs.example.com"')).toBeUndefined();
  });
});
