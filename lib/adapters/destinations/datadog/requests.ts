/** One request to Datadog's API; shared by what is told of incidents and of deployments. */
export interface DatadogRequest {
  method: 'POST' | 'DELETE' | 'GET' | 'PATCH';
  path: string;
  body?: string;
  /** It is the mark on a deployment: its address and body follow when the deployment is found. */
  mark?: Mark;
}

/** Where deployments are listed and marked; each is one path further. Both want the application key. */
export const marksPath = '/api/v2/dora/deployments';

/** A deployment at Datadog and what is to be said of it. Times in ISO 8601. */
export interface Mark {
  /** Its id there; else it is looked for. */
  id?: string;
  service: string;
  env?: string | undefined;
  started_at: string;
  finished_at: string;
  version?: string | undefined;
  commit_sha?: string | undefined;
  attributes: Record<string, unknown>;
  /** It was never marked from here: whether Datadog has blamed another for the same is looked up before. */
  first?: boolean;
  /** When it was noticed that it failed. */
  noticed_at?: string;
}

export interface DatadogSettings {
  tags: readonly string[];
  /** An application key is configured. */
  canDelete: boolean;
  /** Deployments are sent from here. */
  sends: boolean;
  /** Change failures are marked. */
  marks: boolean;
  /** Of the destination. */
  name: string;
}
