import fc from 'fast-check';
import { fromRoutedLambdaEvent } from '../../../lib/adapters/incoming-http/lambda-event.ts';

describe('an event of payload format 2.0 whose path matters', () => {
  it('has method, path, query, headers and the body as it was sent', () => {
    const event = {
      rawPath: '//api/v2/dora/deployment',
      rawQueryString: 'a=b',
      headers: { 'DD-API-KEY': 'k' },
      requestContext: { http: { method: 'POST' }, timeEpoch: 5 },
      body: Buffer.from('{"é":1}').toString('base64'),
      isBase64Encoded: true,
    };
    const { rawBody, headers, ...others } = fromRoutedLambdaEvent(event, 10);
    expect(others).toEqual({
      method: 'POST',
      path: '//api/v2/dora/deployment',
      query: 'a=b',
      arrivedAtMs: 5,
    });
    expect({ ...headers }).toEqual({ 'dd-api-key': 'k' });
    expect(Buffer.from(rawBody).toString()).toBe('{"é":1}');
  });

  it('is some request whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (event) => {
        const { path, query, method } = fromRoutedLambdaEvent(event, 0);
        expect([path, query, method].every((each) => typeof each === 'string')).toBe(true);
      }),
    );
  });
});
