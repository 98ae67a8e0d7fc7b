import type { Environment } from '../config/environment.ts';

/**
 * Region and credentials for a DynamoDB endpoint that is not AWS's. The embedded one ignores them; Amazon's
 * DynamoDB Local keeps separate tables for each pair, so bridge, command line and AWS CLI must use the same.
 */
export function endpointAccess(environment: Environment) {
  return {
    region: environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1',
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] || 'local',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] || 'local',
    },
  };
}
