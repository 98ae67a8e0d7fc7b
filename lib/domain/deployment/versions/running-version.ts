/** That a version of a service runs somewhere, as its telemetry says. Absent where it does not say. */
export interface RunningVersion {
  service: string;
  /** Keeps services of one name apart. */
  namespace?: string | undefined;
  env?: string | undefined;
  version: string;
  commit_sha?: string | undefined;
  /** Without user name and password. */
  repository_url?: string | undefined;
  /** As in github.com/acme/shop. */
  repository_id?: string | undefined;
}
