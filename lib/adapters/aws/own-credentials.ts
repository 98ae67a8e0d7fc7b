import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * The credentials that the AWS CLI would use on this machine: of the environment, a profile, single sign-on. A
 * function's are always in its environment, and looking elsewhere would cost it at every cold start.
 */
export const ownCredentials = (region: string) => new DynamoDBClient({ region }).config.credentials;
