import { describeDynamoDbContract } from './dynamodb.contract.ts';
import { openDynalite, openEndpoint, openStandIn } from './dynamodb-fixture.ts';

describeDynamoDbContract('the stand-in of the simulator', openStandIn);
describeDynamoDbContract('dynalite', openDynalite);

const endpoint = process.env['CONTRACT_DYNAMODB_ENDPOINT'];
if (endpoint) describeDynamoDbContract(`the endpoint ${endpoint}`, () => openEndpoint(endpoint));
