import { prefixed } from './subject-kind.ts';

/** An authentic body that could not be read, under its hex SHA-256. The stream's filter in serverless.yml passes it by. */
export const quarantine = prefixed('quarantine', 'quarantined body');
