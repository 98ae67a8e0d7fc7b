/** An embedded database in a folder, until it is killed; says where it listens. */
import { startEmbeddedDynamoDb } from '../../../lib/local/embedded-dynamodb.ts';

const { endpoint } = await startEmbeddedDynamoDb({ dataDir: process.argv[2] ?? '', port: 0 });
console.log(`endpoint ${endpoint}`);
