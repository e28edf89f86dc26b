// How AWS names resources that a WebSocket API refers to: the property that names one, what `Ref` gives, and its ARN.

/** The property that gives a resource its name, where it has none of its own choosing. */
export const NAME_PROPERTIES: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Serverless::SimpleTable': 'TableName',
  'AWS::Events::EventBus': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Lambda::LayerVersion': 'LayerName',
  'AWS::Serverless::LayerVersion': 'LayerName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Serverless::StateMachine': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName'
}))

const CERTIFICATE = 'arn:{partition}:acm:{region}:{account}:certificate/{name}'
const LAYER = 'arn:{partition}:lambda:{region}:{account}:layer:{name}:1'
const STATE_MACHINE = 'arn:{partition}:states:{region}:{account}:stateMachine:{name}'
const TOPIC = 'arn:{partition}:sns:{region}:{account}:{name}'
const TABLE = 'arn:{partition}:dynamodb:{region}:{account}:table/{name}'

export const FUNCTION_ARN = 'arn:{partition}:lambda:{region}:{account}:function:{name}'

/** What `Ref` gives where it is not the name. */
export const REFS: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::CertificateManager::Certificate': CERTIFICATE,
  'AWS::Lambda::LayerVersion': LAYER,
  'AWS::Serverless::LayerVersion': LAYER,
  'AWS::SNS::Topic': TOPIC,
  'AWS::SQS::Queue': 'https://sqs.{region}.{suffix}/{account}/{name}',
  'AWS::Serverless::StateMachine': STATE_MACHINE,
  'AWS::StepFunctions::StateMachine': STATE_MACHINE
}))

/** What `Fn::GetAtt` of the ARN gives. */
export const ARN_SHAPES: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::CertificateManager::Certificate': CERTIFICATE,
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::Events::EventBus': 'arn:{partition}:events:{region}:{account}:event-bus/{name}',
  'AWS::IAM::Role': 'arn:{partition}:iam::{account}:role/{name}',
  'AWS::Kinesis::Stream': 'arn:{partition}:kinesis:{region}:{account}:stream/{name}',
  'AWS::Lambda::Function': FUNCTION_ARN,
  'AWS::Logs::LogGroup': 'arn:{partition}:logs:{region}:{account}:log-group:{name}:*',
  'AWS::S3::Bucket': 'arn:{partition}:s3:::{name}',
  'AWS::SNS::Topic': TOPIC,
  'AWS::SQS::Queue': 'arn:{partition}:sqs:{region}:{account}:{name}',
  'AWS::Serverless::SimpleTable': TABLE,
  'AWS::Serverless::StateMachine': STATE_MACHINE,
  'AWS::StepFunctions::StateMachine': STATE_MACHINE
}))
