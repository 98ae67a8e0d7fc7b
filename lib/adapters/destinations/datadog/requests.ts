/** One request to Datadog's API; shared by what is told of incidents and of deployments. */
export interface DatadogRequest {
  method: 'POST' | 'DELETE' | 'GET';
  path: string;
  body?: string;
}

export interface DatadogSettings {
  tags: readonly string[];
  /** An application key is configured. */
  canDelete: boolean;
}
