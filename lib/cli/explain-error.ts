/** What the SDK's texts most likely mean, by the error's name, and what to try next. */
const slips: readonly [names: RegExp, means: string][] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    'There are no AWS credentials. Sign in (`aws sso login`), or name a profile with AWS_PROFILE.',
  ],
  [
    /^(ExpiredToken(Exception)?|RequestExpired)$/,
    'The AWS credentials have expired. Sign in again (`aws sso login`).',
  ],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)$/,
    'AWS does not know these credentials. `aws sts get-caller-identity` says whose they are.',
  ],
  [
    /^AccessDenied(Exception)?$/,
    'AWS does not let you do this. `aws sts get-caller-identity` says who you are there.',
  ],
  [
    /^ResourceNotFoundException$/,
    'There are no such tables: most likely the stage or the region is another. `pdbridge use` says which are chosen.',
  ],
];

/** An error that nothing has expected, in words; of AWS with what it most likely means. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const name = error.name === 'Error' ? '' : `${error.name}: `;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  const told = `${name}${error.message}${cause}`;
  const means = slips.find(([names]) => names.test(error.name))?.[1] ?? unreachable(told);
  return means === undefined ? told : `${means}\n${told}`;
}

function unreachable(told: string): string | undefined {
  const [, host = ''] = /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (\S+)/.exec(told) ?? [];
  return host.endsWith('.amazonaws.com')
    ? `${host} has no address: is the region spelt right, and is this machine online?`
    : undefined;
}
