import { explainError } from '../../lib/cli/explain-error.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('an error that nothing has expected', () => {
  it.each([
    ['CredentialsProviderError', 'Could not load credentials from any providers', 'aws sso login'],
    ['ExpiredTokenException', 'The security token included in the request is expired', 'have expired'],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid',
      'get-caller-identity',
    ],
    ['AccessDeniedException', 'User … is not authorized to perform: dynamodb:Query', 'who you are'],
    ['ResourceNotFoundException', 'Requested resource not found', 'the stage or the region'],
    ['Error', 'getaddrinfo ENOTFOUND dynamodb.eu-centrall-1.amazonaws.com', 'spelt right'],
  ])('%s says what it most likely means, and itself', (name, message, means) => {
    const said = explainError(named(name, message));
    expect(said.split('\n')[0]).toContain(means);
    expect(said).toContain(message);
  });

  it('of any other kind is said as it is, with its cause', () => {
    const cause = new Error('connect ECONNREFUSED');
    expect(explainError(new Error('it failed', { cause }))).toBe('it failed (connect ECONNREFUSED)');
    expect(explainError(named('Odd', 'x'))).toBe('Odd: x');
    expect(explainError('text')).toBe('text');
  });
});
