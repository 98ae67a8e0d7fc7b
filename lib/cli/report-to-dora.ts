import { readLocalSettings } from '../adapters/config/environment.ts';
import { readKeptSecret } from '../adapters/laptop/kept-secret.ts';
import { createNodeHttp } from '../adapters/outgoing-http/node-http.ts';
import { readMoment } from '../domain/dora/moment.ts';
import { mappedName } from '../domain/incident/mapped-name.ts';
import { previewCause, previewCaused } from '../flow/measure/preview-links.ts';
import { createMatcher } from '../store/catalog/matcher.ts';
import { configOf } from './config-file.ts';
import { failed, type Io, printJson, wrongUsage } from './io.ts';
import { resolveTarget, runningBridge } from './target.ts';

export interface ReportOptions {
  url?: string;
  apiKey?: string;
  config?: string;
  dryRun?: true;
  json?: true;
}

export interface Reported {
  path: string;
  noun: 'deployment' | 'failure';
  services: string[];
  attributes: Readonly<Record<string, unknown>>;
}

interface Address {
  url: string;
  apiKey: string | undefined;
  /** The bridge on this machine, whose catalog can be looked into. */
  here: boolean;
}

const patienceMs = 30_000;
/** Each day since then is a read: what began longer ago is not looked up links for. */
const longestAgoMs = 31 * 86_400_000;
const mostBytes = 64 * 1024;

/**
 * Sends a report to a DORA API, the bridge's or Datadog's, and ends with exit code 1 on every answer but 2xx. With
 * `--dry-run` nothing is sent.
 */
export async function reportToDora(reported: Reported, options: ReportOptions, io: Io): Promise<void> {
  const address = await addressOf(options, io);
  const url = address.url + reported.path;
  const body = JSON.stringify({ data: { attributes: reported.attributes } });
  const outlook = address.here ? await outlookOf(reported, options, io) : undefined;
  if (options.dryRun) {
    if (options.json) return printJson(io, { url, body: JSON.parse(body), ...(outlook && { outlook }) });
    io.out(`Nothing is sent. It would be\n  POST ${url}\n  ${body}\n${outlook ? `${outlook}\n` : ''}`);
    return;
  }
  if (address.apiKey === undefined) {
    throw failed('no_api_key', 'There is no API key: give --api-key, or set DD_API_KEY.');
  }
  io.err(`Target: ${url}\n`);
  const answer = await send(url, body, address.apiKey);
  const id = idIn(answer.body);
  if (answer.status < 200 || answer.status > 299) {
    if (options.json) printJson(io, { url, status: answer.status, answer: jsonOr(answer.body) });
    throw failed('not_accepted', options.json ? '' : `${answer.status}: ${faultsIn(answer.body)}`);
  }
  if (options.json) return printJson(io, { url, status: answer.status, id, ...(outlook && { outlook }) });
  io.out(`Reported: ${reported.noun} ${id ?? ''}\n${outlook ? `${outlook}\n` : ''}`);
}

/** `1772445600`, `2026-03-02T10:00:00Z` and the like, as nanoseconds, which every DORA API takes. */
export function nanoseconds(option: string, text: string): number {
  const { ms, fault } = readMoment(text);
  if (fault !== undefined) throw wrongUsage(`${option} ${fault}.`);
  // The nearest double prints as these very digits.
  return ms * 1e6;
}

/** Given ones, else those of the bridge on this machine. Its key is for nobody else. */
async function addressOf({ url, apiKey, dryRun }: ReportOptions, io: Io): Promise<Address> {
  const { environment } = io;
  const given = apiKey ?? (environment['DD_API_KEY'] || environment['DATADOG_API_KEY'] || undefined);
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw wrongUsage('--url must be the base of the API, such as https://api.bridge.example.com.');
    return { url: url.replace(/\/+$/, ''), apiKey: given, here: false };
  }
  const { dataDir, ingestApiKeys } = readLocalSettings(environment);
  const { api_url } = await runningBridge(io);
  const kept = dryRun ? undefined : await readKeptSecret(dataDir, 'ingest-api-key');
  return { url: api_url, apiKey: apiKey ?? ingestApiKeys?.[0] ?? kept ?? given, here: true };
}

/** Whose the report will be, and what it will be linked with, in sentences. */
async function outlookOf(reported: Reported, options: ReportOptions, io: Io): Promise<string> {
  const { store } = await resolveTarget({}, io);
  const config = await configOf(options, io);
  const { services, attributes, noun } = reported;
  const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : undefined);
  const ms = (name: string) => (typeof attributes[name] === 'number' ? attributes[name] / 1e6 : undefined);
  const team = text('team');
  const given = { source: 'dora_api', services, ...(team !== undefined && { team }) };
  const match = await createMatcher(store, config).give(given);
  const told = text('env') ?? config.default_env;
  const env = told && (mappedName(config.env_names, told) ?? told);
  const startedAtMs = ms('started_at') ?? io.now();
  const common = { team: team ?? match.team, env, startedAtMs, finishedAtMs: ms('finished_at') };
  const deps = { store, config, nowMs: io.now() };
  const git = attributes['git'] as { commit_sha?: string } | undefined;
  const named = { version: text('version'), commitSha: git?.commit_sha };
  if (io.now() - startedAtMs > longestAgoMs) return match.explanation;
  const links =
    noun === 'failure'
      ? await previewCause(deps, { ...common, ...named, services })
      : await previewCaused(deps, {
          ...common,
          ...named,
          id: text('id') ?? 'this one',
          service: services[0],
          status: 'succeeded',
          kind: 'standard',
          changeFailure: undefined,
          remediationId: undefined,
          leadTimeSeconds: undefined,
        });
  return `${match.explanation}\n${links}`;
}

async function send(url: string, body: string, apiKey: string) {
  const headers = { 'content-type': 'application/json', 'dd-api-key': apiKey };
  const request = { method: 'POST' as const, url, headers, body, timeoutMs: patienceMs, mostBytes };
  return createNodeHttp({ allowLoopback: true })
    .send({ ...request, allowPrivate: true })
    .catch((error: Error) => {
      throw failed('no_answer', `${url} does not answer: ${error.message}`);
    });
}

const idIn = (text: string): string | undefined => {
  const { data } = (jsonOr(text) ?? {}) as { data?: { id?: unknown } };
  return typeof data?.id === 'string' ? data.id : undefined;
};

/** A fault a line, where there are several. */
function faultsIn(text: string): string {
  const { errors } = (jsonOr(text) ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return text.slice(0, 500) || 'no reason is given';
  const details = errors.map((each) =>
    typeof each === 'string' ? each : String(each?.detail ?? each?.title),
  );
  return details.length === 1 ? String(details[0]) : details.map((each) => `\n  ${each}`).join('');
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
