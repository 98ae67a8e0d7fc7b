/** What a link is judged by. Times in epoch milliseconds, names as the rows have them. */
export interface Suffering {
  services: readonly string[];
  team?: string | undefined;
  env?: string | undefined;
  startedAtMs: number;
  /** It went on as another incident, which is linked instead. */
  mergedInto?: string | undefined;
  /** Absent while it is open. */
  finishedAtMs?: number | undefined;
  /** What the incident names as its cause, by itself. */
  commitSha?: string | undefined;
  version?: string | undefined;
  deploymentId?: string | undefined;
  /** What a person said: which deployment, or that it was none. */
  person?: { deploymentId: string | null; who?: string | undefined; note?: string | undefined } | undefined;
}

/** A deployment that may have caused it. */
export interface Suspect {
  id: string;
  service?: string | undefined;
  team?: string | undefined;
  env?: string | undefined;
  status: 'succeeded' | 'failed' | 'in_progress';
  /** Absent where only the finish was told. */
  startedAtMs?: number | undefined;
  finishedAtMs?: number | undefined;
  commitSha?: string | undefined;
  version?: string | undefined;
}

export interface LinkSettings {
  /** How long after its finish a deployment may be blamed for what begins; 0 blames none for its time alone. */
  windowMs: number;
}
