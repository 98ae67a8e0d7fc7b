import { configFileOf } from '../../infra/build/config-file.ts';

describe('the configuration that is built and deployed', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['is the usual one', ['deploy', '--stage', 'prod'], {}, 'infra/bridge.yml'],
    ['is the one BRIDGE_CONFIG names', ['deploy'], { BRIDGE_CONFIG: 'infra/a.yml' }, 'infra/a.yml'],
    ['is the usual one where that is empty', ['deploy'], { BRIDGE_CONFIG: '' }, 'infra/bridge.yml'],
    [
      'is the one of the parameter, which goes before',
      [
        'deploy',
        '--stage',
        'prod',
        '--param',
        'config=infra/bridge.prod.yml',
        '--param',
        'alarm_email=a@b.c',
      ],
      { BRIDGE_CONFIG: 'infra/a.yml' },
      'infra/bridge.prod.yml',
    ],
    ['is read in the other spelling too', ['package', '--param=config=b.yml'], {}, 'b.yml'],
    ['is not another parameter', ['package', '--param', 'alarm_email=config=b.yml'], {}, 'infra/bridge.yml'],
  ])('%s', (_, args, environment, file) => {
    expect(configFileOf(args, environment)).toBe(file);
  });
});
