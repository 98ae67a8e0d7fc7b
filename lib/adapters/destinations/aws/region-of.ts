/** `arn:aws:sns:eu-central-1:123456789012:incidents` to `eu-central-1`. */
export function regionOfArn(arn: string): string | undefined {
  const [start, , , region] = arn.split(':');
  return start === 'arn' && region ? region : undefined;
}

/** `https://sqs.eu-central-1.amazonaws.com/…` (or the older `eu-central-1.queue.…`) to `eu-central-1`. */
export function regionOfQueueUrl(url: string): string | undefined {
  const { hostname } = new URL(url);
  return /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\./.exec(hostname)?.slice(1).find(Boolean);
}
