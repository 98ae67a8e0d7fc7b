/** What is there only if a parameter asks for it. */
module.exports = async ({ resolveVariable }) => {
  const { alarm_email: mail, reserved_concurrency: reserved } = await resolveVariable('self:custom.bridge');
  const alarmMail = {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Alarms' }, Protocol: 'email', Endpoint: mail },
  };
  const reservation = { Properties: { ReservedConcurrentExecutions: reserved } };
  return {
    ...(mail ? { Resources: { AlarmMail: alarmMail } } : {}),
    ...(reserved ? { extensions: { ReceiveLambdaFunction: reservation } } : {}),
  };
};
