/** The policies that follow from bridge.yml (dist/access.json, written by the build), one beside each role. */
const fs = require('node:fs');
const path = require('node:path');
const notBuilt = require('./not-built.cjs');

module.exports = async ({ resolveVariable }) => {
  const file = path.join(__dirname, '..', 'dist', 'access.json');
  if (!fs.existsSync(file)) notBuilt();
  const access = JSON.parse(fs.readFileSync(file, 'utf8'));
  const key = String(await resolveVariable('self:custom.bridge.secrets_kms_key_arn'));
  const decrypt = (statements) =>
    key && statements.some(({ Action }) => Action.includes('ssm:GetParameter'))
      ? [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: [key] }]
      : [];
  const policy = (role, statements) => ({
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'configured-access',
      Roles: [{ Ref: role }],
      PolicyDocument: { Version: '2012-10-17', Statement: [...statements, ...decrypt(statements)] },
    },
  });
  const wanted = {
    ReceiveRole: access.receive,
    ForwardRole: access.workers,
    SweepRole: [...access.workers, ...access.sweep],
    CatalogSyncRole: access.catalogSync,
    IngestRole: access.ingest,
    ReconcileRole: access.reconcile,
  };
  return {
    Resources: Object.fromEntries(
      Object.entries(wanted)
        .filter(([, statements]) => statements.length > 0)
        .map(([role, statements]) => [role.replace('Role', 'Access'), policy(role, statements)]),
    ),
  };
};
