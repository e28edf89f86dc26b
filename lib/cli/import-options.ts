// The options that every command takes that reads a definition.
import type { Option } from './command.ts'

export const FORMATS = ['auto', 'cloudformation', 'sam', 'serverless', 'terraform-json', 'aws-cli'] as const

export const SOURCE_OPTIONS: readonly Option[] = [
  { name: 'format', value: '<format>', help: `What the definition is written in: ${FORMATS.join(', ')}. Told from the file where absent.` },
  { name: 'api', value: '<id|name>', help: 'Which WebSocket API, by logical id or name, where the definition has several.' },
  { name: 'api-id', value: '<id>', help: 'Reads a live API of AWS in place of a file, through @aws-sdk/client-apigatewayv2, with the credentials of this machine.' },
  { name: 'stage', value: '<name>', help: 'That stage alone; all where absent.' }
]

export const VALUE_OPTIONS: readonly Option[] = [
  { name: 'param', value: '<name=value>', isRepeatable: true, help: "A value of one of CloudFormation's parameters." },
  { name: 'params', value: '<file>', help: 'The same from a file: JSON, an object of strings or the list that the aws command takes.' },
  { name: 'import-value', value: '<name=value>', isRepeatable: true, help: 'What Fn::ImportValue gives for an export.' },
  { name: 'var', value: '<name=value>', isRepeatable: true, help: 'What a variable of serverless.yml gives that needs AWS, by what stands in its braces: ssm:/chat/table.' },
  { name: 'region', value: '<region>', help: 'AWS::Region. AWS_REGION, else us-east-1, where absent.' },
  { name: 'account', value: '<id>', help: 'AWS::AccountId. 123456789012 where absent.' }
]

export const FUNCTION_OPTIONS: readonly Option[] = [
  { name: 'functions', value: '<dir>', help: 'Where the code of functions is that the definition has no folder for (S3, an asset): <dir>/<function>, else <dir>.' },
  { name: 'map', value: '<function=module#export>', isRepeatable: true, help: 'The handler of a function: a module of the working folder and its export, "handler" where absent.' }
]

export const REPORT_OPTIONS: readonly Option[] = [
  { name: 'report', value: '<file>', help: 'Writes the whole report as JSON.' },
  { name: 'strict', help: 'Ends with 1 on warnings, too.' }
]

export const GROUPS = {
  source: { title: 'What is read', options: SOURCE_OPTIONS },
  values: { title: 'Values that only AWS knows', options: VALUE_OPTIONS },
  functions: { title: 'Functions', options: FUNCTION_OPTIONS },
  report: { title: 'Report', options: REPORT_OPTIONS }
} as const
