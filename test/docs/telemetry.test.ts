import { parse } from 'yaml';
import { apiKey, startIngest } from '../flow/ingest/support.ts';
import { jsonExport } from '../support/otlp.ts';
import { blocks } from './document.ts';

const file = 'docs/telemetry.md';

describe('what a collector is configured with', () => {
  const [shown] = blocks('yaml').filter((block) => block.file === file);
  const { exporters, processors, service } = parse(shown?.text ?? '');

  it('sends to an address under which exports are taken, with a header that is read', async () => {
    const { endpoint, headers } = exporters['otlphttp/bridge'];
    expect(new URL(endpoint).pathname).toBe('/');
    const given = Object.fromEntries(
      Object.entries<string>(headers).map(([name, value]) => [
        name,
        value.replace(`\${env:BRIDGE_API_KEY}`, apiKey),
      ]),
    );
    const { ask, logged } = startIngest();
    const body = jsonExport([{ 'service.name': 'checkout', 'service.version': '1.4.2' }]);
    expect(await ask('POST', '/v1/metrics', body, given)).toMatchObject({ status: 200, body: {} });
    expect(await logged()).toHaveLength(1);
  });

  it('names only what it has defined', () => {
    const { receivers, ...used } = service.pipelines['metrics/bridge'];
    expect(receivers).toEqual(['otlp']);
    expect(used).toEqual({ processors: Object.keys(processors), exporters: Object.keys(exporters) });
  });
});
