/**
 * The one thing the store needs from the SDK: a client that sends commands. The real one is DynamoDBClient;
 * the simulator's stand-in answers the same commands, so what is simulated is what runs.
 */
export interface DynamoDb {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's overloads cannot be written as one signature
  send(command: any): Promise<any>;
}

/** Maps a short table name to the deployed one. */
export type TableNames = (table: import('./table-definitions.ts').TableName) => string;

export interface Store {
  db: DynamoDb;
  table: TableNames;
}
