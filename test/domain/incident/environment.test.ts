import { environmentOf } from '../../../lib/domain/incident/environment.ts';

describe('the environment', () => {
  const all = { env_custom_field: 'environment', default_env: 'default' };
  const named = { env_custom_field: 'environment', env_names: { production: 'prod' } };
  const rows: [string, Record<string, unknown>, string | undefined, object, string | undefined][] = [
    ['is the custom field', { environment: 'staging' }, 'header', all, 'staging'],
    ['is the header if the field is not set', {}, 'header', all, 'header'],
    ['is the header if the field is blank', { environment: ' ' }, 'header', all, 'header'],
    [
      'is the header if no field is configured',
      { environment: 'staging' },
      'header',
      { default_env: 'default' },
      'header',
    ],
    ['is the default without field and header', {}, undefined, all, 'default'],
    ['is the default if the header is blank', {}, '  ', all, 'default'],
    ['goes by the name it is given', { environment: 'production' }, undefined, named, 'prod'],
    ['goes by that name regardless of case', {}, 'Production', named, 'prod'],
    ['goes by that name as the default too', {}, undefined, { ...named, default_env: 'PRODUCTION' }, 'prod'],
    ['keeps a name that is not listed', {}, 'Staging', named, 'Staging'],
    ['is unknown without any of them', {}, undefined, {}, undefined],
    ['has no white space around it', { environment: ' staging\n' }, undefined, all, 'staging'],
    ['may be a number', { environment: 7 }, undefined, all, '7'],
    ['may be the only one of several values', { environment: ['staging'] }, undefined, all, 'staging'],
    ['is not one of several values', { environment: ['staging', 'prod'] }, 'header', all, 'header'],
    ['is not an object', { environment: { a: 1 } }, 'header', all, 'header'],
    ['is not a field with a similar name', { Environment: 'staging' }, 'header', all, 'header'],
    [
      'is not taken from what every object inherits',
      {},
      undefined,
      { env_custom_field: 'constructor' },
      undefined,
    ],
  ];
  it.each(rows)('%s', (_what, custom_fields, header, config, expected) => {
    expect(environmentOf({ custom_fields }, header, config)).toBe(expected);
  });
});
