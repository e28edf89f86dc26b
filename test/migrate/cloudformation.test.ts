// Templates of CloudFormation and SAM as resources: every intrinsic, parameters, conditions, loops, globals, and what
// has no value, told with its place.
import t from 'tap'
import type { Test } from 'tap'
import type { ImportOptions, ReportEntry } from '../../types/migrate.js'
import { readCloudFormation } from '../../lib/migrate/cloudformation/index.ts'
import { createReference } from '../../lib/migrate/references.ts'
import { Report } from '../../lib/migrate/report.ts'
import type { ReadDefinition, Resource } from '../../lib/migrate/resource.ts'
import { readSource } from '../../lib/migrate/source.ts'

interface Read extends ReadDefinition {
  readonly report: Report
  /** By id. */
  readonly of: Readonly<Record<string, Resource>>
}

async function read (source: unknown, options: ImportOptions = {}): Promise<Read> {
  const report = new Report()
  const definition = readCloudFormation(await readSource(source, options), { region: 'eu-west-1', ...options }, report)
  return { ...definition, report, of: Object.fromEntries(definition.resources.map((resource) => [resource.id, resource])) }
}

/** The variables of a stage with these values; the rest of the template may follow. */
const stageOf = (variables: string, rest = ''): string => `${rest}
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api }
  Fn: { Type: AWS::Lambda::Function }
  Table: { Type: AWS::DynamoDB::Table }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      StageVariables:
${variables.replace(/^/gm, '        ')}
`

async function variablesOf (variables: string, rest = '', options: ImportOptions = {}): Promise<unknown> {
  const { of, report } = await read(stageOf(variables, rest), options)
  return JSON.parse(JSON.stringify({ ...of['Stage']?.properties['StageVariables'] as object, ...told(report) }))
}

/** Errors and warnings, where there are any. */
function told (report: Report): object {
  const entries = report.entries.filter(({ level }) => level !== 'info')
  return entries.length === 0 ? {} : { told: entries }
}

/** Asserts that a stage variable is left out, and what is said of it. */
async function tells (t: Test, value: string, message: RegExp, options: { rest?: string, refused?: boolean, given?: ImportOptions, entry?: Partial<ReportEntry> } = {}): Promise<void> {
  const { of, report } = await read(stageOf(`v: ${value}`, options.rest), options.given)
  t.same(of['Stage']?.properties['StageVariables'], {}, value)
  t.match(report.entries.filter(({ level }) => level !== 'info'), [{ level: 'error', resource: 'Stage', property: 'StageVariables.v', message, ...options.entry }], value)
  t.equal(report.refusals.length, options.refused === false ? 0 : 1, value)
}

const api = createReference('Api')
const fn = createReference('Fn', 'Arn')

t.test('migration 4 every intrinsic is evaluated, references stay symbolic', async (t) => {
  const rest = `
Parameters:
  Name: { Type: String, Default: chat }
  Names: { Type: CommaDelimitedList, Default: 'a, b ,c' }
  Limit: { Type: Number, Default: 7 }
Mappings:
  Sizes: { eu-west-1: { small: 1, list: [x, y] } }
Conditions:
  IsChat: !Equals [!Ref Name, chat]
  IsNot: !Not [!Condition IsChat]
  Both: !And [!Condition IsChat, !Not [!Condition IsNot]]
  Either: !Or [!Condition IsNot, !Equals [a, a]]
  InMap: !Equals [!FindInMap [Sizes, !Ref 'AWS::Region', small], '1']
  Chosen: !Equals [!If [IsChat, a, b], a]
`
  t.strictSame(await variablesOf(`
ref: !Ref Name
number: !Ref Limit
list: !Ref Names
resource: !Ref Api
long: { Ref: Api }
getAtt: !GetAtt Fn.Arn
getAttList: !GetAtt [Fn, Arn]
getAttText: { 'Fn::GetAtt': Fn.Arn }
getAttEvaluated: !GetAtt [Fn, !Join ["", [Ar, n]]]
sub: !Sub '\${Name}-\${Limit} \${Api} \${Fn.Arn} \${!stageVariables.fn} \${!request.body.a} \${AWS::Region} $context'
subMap: !Sub ['\${A}\${Name}\${Name.x}', { A: !Join ['', [x, !Ref Api]], Name: own, Name.x: dotted }]
join: !Join ['/', [integrations, !Ref Api, 1, true, !Ref 'AWS::NoValue']]
joinList: !Join ['+', !Ref Names]
joinNested: !Join ['', ['arn:', !Ref AWS::Partition, !Join [':', [a, !GetAtt Fn.Arn]]]]
select: !Select [1, [a, !Ref Api]]
selectText: !Select ['0', !Ref Names]
split: !Split [',', 'x,y,,z']
splitReference: !Select [1, !Split ['/', !Sub 'integrations/\${Api}']]
splitParameter: !Select [!FindInMap [Sizes, !Ref AWS::Region, small], !Split ['a', !Ref Name]]
if: !If [IsChat, !Ref Api, !Ref Nowhere]
ifNot: !If [IsNot, !Ref Nowhere, { deep: [!If [Both, kept, dropped]] }]
either: !If [Either, 1, 2]
inMap: !If [InMap, 1, 2]
chosen: !If [Chosen, 1, 2]
map: !FindInMap [Sizes, eu-west-1, list]
mapDefault: !FindInMap [Sizes, us-east-1, small, { DefaultValue: !Ref Name }]
mapDefaultMap: !FindInMap [Nothing, us-east-1, small, { DefaultValue: none }]
base64: !Base64 chat
base64Sub: { 'Fn::Base64': !Sub '\${Name}' }
imported: !ImportValue shared-table
importedSub: { 'Fn::ImportValue': !Sub '\${Name}-id' }
novalue: !Ref AWS::NoValue
length: !Length [a, b, c]
lengthOf: !Length { Ref: Names }
json: !ToJsonString { a: !Ref Limit, b: [!Ref Api, yes] }
nested: { list: [!Ref 'AWS::NoValue', { a: !Ref Name }], Condition: x }
`.trim(), rest, { importValues: { 'shared-table': 'table-1', 'chat-id': '42' } }), {
    ref: 'chat',
    number: 7,
    list: ['a', 'b', 'c'],
    resource: api,
    long: api,
    getAtt: fn,
    getAttList: fn,
    getAttText: fn,
    getAttEvaluated: fn,
    sub: `chat-7 ${api} ${fn} \${stageVariables.fn} \${request.body.a} eu-west-1 $context`,
    subMap: `x${api}owndotted`,
    join: `integrations/${api}/1/true`,
    joinList: 'a+b+c',
    joinNested: `arn:awsa:${fn}`,
    select: api,
    selectText: 'a',
    split: ['x', 'y', '', 'z'],
    splitReference: api,
    splitParameter: 't',
    if: api,
    ifNot: { deep: ['kept'] },
    either: 1,
    inMap: 1,
    chosen: 1,
    map: ['x', 'y'],
    mapDefault: 'chat',
    mapDefaultMap: 'none',
    base64: 'Y2hhdA==',
    base64Sub: 'Y2hhdA==',
    imported: 'table-1',
    importedSub: '42',
    length: 3,
    lengthOf: 3,
    json: `{"a":7,"b":["${api}",true]}`,
    nested: { list: [{ a: 'chat' }], Condition: 'x' }
  })
})

t.test('migration 4 pseudo-parameters are those of the region and account that ARNs name', async (t) => {
  const names = 'AccountId NotificationARNs Partition Region StackId StackName URLSuffix'.split(' ')
  const variables = names.map((name) => `${name}: !Ref AWS::${name}`).join('\n')
  t.strictSame(await variablesOf(variables, '', { accountId: '012345678901' }), {
    AccountId: '012345678901',
    NotificationARNs: [],
    Partition: 'aws',
    Region: 'eu-west-1',
    StackId: 'arn:aws:cloudformation:eu-west-1:012345678901:stack/stack/00000000-0000-0000-0000-000000000000',
    StackName: 'stack',
    URLSuffix: 'amazonaws.com'
  })
  t.match(await variablesOf(variables, '', { region: 'cn-north-1', parameters: { 'AWS::StackName': 'mine' } }), {
    AccountId: '123456789012', Partition: 'aws-cn', Region: 'cn-north-1', StackName: 'mine', URLSuffix: 'amazonaws.com.cn', StackId: /:stack\/mine\//
  })
  const { partition, region, accountId, report } = await read(stageOf('v: !Ref AWS::StackName'), { region: 'us-gov-west-1' })
  t.strictSame([partition, region, accountId], ['aws-us-gov', 'us-gov-west-1', '123456789012'])
  t.match(report.entries, [{ level: 'info', code: 'pseudo-parameter', message: 'AWS::StackName is not in a template; "stack" stands for it' }])
})

t.test('what CloudFormation refuses is refused in its words, at its place', async (t) => {
  const refused = (value: string, message: RegExp, entry?: Partial<ReportEntry>) => tells(t, value, message, { ...(entry && { entry }) })
  await refused('!Ref Nowhere', /^Template format error: Unresolved resource dependencies \[Nowhere\] in the Resources block of the template$/, { line: 10, column: 9 })
  await refused('!GetAtt Nowhere.Arn', /^Template error: instance of Fn::GetAtt references undefined resource Nowhere$/)
  await refused('!GetAtt Fn', /every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute/)
  await refused("!Sub '${Nowhere}'", /Unresolved resource dependencies \[Nowhere\]/)
  await refused("!Sub '${Nowhere.Arn}'", /references undefined resource Nowhere/)
  await refused("!Sub '${a b}'", /variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons; here "\$\{a b\}"/)
  await refused("!Sub '${}'", /variable names in Fn::Sub syntax/)
  await refused('!Sub [a]', /One or more Fn::Sub intrinsic functions don't specify expected arguments/)
  await refused('!Sub [a, b]', /One or more Fn::Sub intrinsic functions/)
  await refused('!Sub { a: b }', /One or more Fn::Sub intrinsic functions/)
  await refused("!Sub ['${a}', { a: [1] }]", /variable a in Fn::Sub expression does not resolve to a string/)
  await refused('!Join [a]', /every Fn::Join object requires two parameters/)
  await refused('!Join [1, [a]]', /every Fn::Join object requires two parameters/)
  await refused('!Join [a, b]', /every Fn::Join object requires two parameters/)
  await refused('!Join ["", [{ a: b }]]', /every Fn::Join object requires two parameters/)
  await refused('!Select [3, [a]]', /^Template error: Fn::Select {2}cannot select nonexistent value at index 3$/)
  await refused('!Select [x, [a]]', /Fn::Select requires a list argument with two elements/)
  await refused('!Select [-1, [a]]', /Fn::Select requires a list argument with two elements/)
  await refused('!Split ["", a]', /every Fn::Split object requires two parameters/)
  await refused('!Split [a, [b]]', /every Fn::Split object requires two parameters/)
  await refused('!FindInMap [Sizes, a, b]', /^Template error: Mapping named 'Sizes' is not present in the 'Mappings' section of template\.$/)
  await refused('!FindInMap [a, b]', /every Fn::FindInMap object requires three parameters/)
  await refused('!If [Nowhere, a, b]', /Unresolved condition dependency Nowhere/)
  await refused('!If [a, b]', /Fn::If requires a list argument with three elements/)
  await refused('!Base64 [a]', /every Fn::Base64 object must have a String-typed value/)
  await refused('!ImportValue [a]', /the attribute in Fn::ImportValue must be a string/)
  await refused('!Length { "Fn::Sub": a }', /Fn::Length requires a list/)
  await refused('!ToJsonString { "Fn::Sub": a }', /Fn::ToJsonString requires a map or a list/)
  await refused('{ Ref: [a] }', /every Ref object must have a single String value/)
  await refused('{ Fn::Joyn: [a] }', /Unrecognized intrinsic function Fn::Joyn/)
  await refused('{ Fn::Join: ["", [a]], b: c }', /Fn::Join stands beside other keys/)
  await refused('!Equals [a, b]', /Fn::Equals cannot be used outside of Conditions and Rules/)
  await refused('null', /'null' values are not allowed in templates/)
  await tells(t, '!FindInMap [Sizes, a, b]', /^Template error: Unable to get mapping for Sizes::a::b$/, { rest: 'Mappings: { Sizes: { __proto__: { b: 1 }, toString: { b: 1 } } }' })
  await tells(t, '!FindInMap [Sizes, constructor, name]', /Unable to get mapping for Sizes::constructor::name/, { rest: 'Mappings: { Sizes: { a: { b: 1 } } }' })
})

t.test('migration 4 what a deployment alone knows is told, not refused, and the rest stays', async (t) => {
  const unresolved = (value: string, message: RegExp, rest?: string) => tells(t, value, message, { refused: false, ...(rest === undefined ? undefined : { rest }) })
  await unresolved('!ImportValue shared', /^Fn::ImportValue names the export "shared" of another stack; StageVariables\.v was left out$/)
  await unresolved("!Sub '{{resolve:ssm:/a}}'", /^Dynamic reference \{\{resolve:ssm:\/a\}\} is resolved by CloudFormation alone/)
  await unresolved("'a {{resolve:secretsmanager:x:SecretString:y}} b'", /Dynamic reference \{\{resolve:secretsmanager:x:SecretString:y\}\}/)
  await unresolved("!Join ['', ['{{resolve:', 'ssm:/a}}']]", /Dynamic reference/)
  await unresolved('{ Fn::Transform: { Name: AWS::Include } }', /Fn::Transform is not evaluated here: macros and AWS::Include are known to CloudFormation alone/)
  await unresolved('!Transform { Name: Macro, Parameters: {} }', /Fn::Transform is not evaluated here/)
  await unresolved('!GetAZs ""', /Fn::GetAZs is not evaluated here/)
  await unresolved('!Cidr [a, 1, 2]', /Fn::Cidr is not evaluated here/)
  await unresolved("!Select [6, !Split [':', !GetAtt Fn.Arn]]", /Fn::Split takes apart a name or an ARN that AWS gives/)
  await unresolved("!Split ['-', !Ref Table]", /Fn::Split takes apart a name or an ARN that AWS gives/)
  await unresolved('!Base64 { "Fn::GetAtt": [Fn, Arn] }', /Fn::Base64 encodes a name or an ARN/)
  await unresolved('!Ref Given', /^Parameter Given has no value/, 'Parameters: { Given: { Type: String } }')
  await unresolved("!Sub '${Given}'", /^Parameter Given is the value of "\/chat\/table" in Systems Manager/, 'Parameters: { Given: { Type: AWS::SSM::Parameter::Value<String>, Default: /chat/table } }')
  const { of, report } = await read(stageOf('kept: a\nlist: [x, !ImportValue y, z]\nmap: { a: !ImportValue y, b: 1 }\nchosen: !If [Same, { a: !ImportValue y, b: 2 }, c]', 'Conditions: { Same: !Equals [a, a] }'))
  t.strictSame(JSON.parse(JSON.stringify(of['Stage']?.properties)), { StageVariables: { kept: 'a', list: ['x', 'z'], map: { b: 1 }, chosen: { b: 2 } } })
  t.match(report.entries, [
    { property: 'StageVariables.list[1]', line: 11, hint: 'give its value in importValues: y' },
    { property: 'StageVariables.map.a', line: 12 },
    { property: 'StageVariables.chosen.Fn::If[1].a', line: 13 }
  ])
})

t.test('positions are exact: the line and column of what fails inside of an intrinsic', async (t) => {
  const { report } = await read(`Resources:
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      RouteKey: a
      Target:
        Fn::Join:
          - /
          - - integrations
            - Ref: Integration
`)
  t.match(report.refusals, [{ resource: 'Route', property: 'Target', line: 10, column: 15, message: /\[Integration\]/ }])
  const json = await read('{"Resources":\n {"Route": {"Type": "AWS::ApiGatewayV2::Route",\n  "Properties": {"RouteKey": {"Ref": "Nowhere"}}}}}')
  t.match(json.report.refusals, [{ resource: 'Route', property: 'RouteKey', line: 3, column: 18 }].map(({ column, ...entry }) => entry))
})

t.test('only what becomes part of the API, or runs a function, is told of', async (t) => {
  const { report, of } = await read(`Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !ImportValue a, DisplayName: !Ref Nowhere, FifoTopic: true } }
  Fn: { Type: AWS::Lambda::Function, Properties: { Role: !ImportValue role, Handler: a.b, Environment: { Variables: { A: !ImportValue a, B: b } } } }
`)
  t.match(report.entries, [
    { level: 'info', code: 'import-value', resource: 'Fn', property: 'Role' },
    { level: 'warning', code: 'import-value', resource: 'Fn', property: 'Environment.Variables.A', line: 3 }
  ])
  t.equal(report.entries.length, 2)
  t.strictSame(JSON.parse(JSON.stringify([of['Topic']?.properties, of['Fn']?.properties])), [{ FifoTopic: true }, { Handler: 'a.b', Environment: { Variables: { B: 'b' } } }])
})

t.test('migration 4 parameters: given or by default, of their type, held to their constraints', async (t) => {
  const rest = `Parameters:
  Text: { Type: String, Default: yes }
  Account: { Type: String, Default: 012345678901 }
  Number: { Type: Number, Default: 1.50 }
  Numbers: { Type: List<Number>, Default: '1, 2' }
  Empty: { Type: CommaDelimitedList, Default: '' }
  Subnets: { Type: List<AWS::EC2::Subnet::Id> }
  Stored: { Type: AWS::SSM::Parameter::Value<List<String>>, Default: /a }
  Path: { Type: AWS::SSM::Parameter::Name, Default: /b }`
  const names = 'Text Account Number Numbers Empty Subnets Stored Path'.split(' ')
  t.strictSame(await variablesOf(names.map((name) => `${name}: !Ref ${name}`).join('\n'), rest, { parameters: { Subnets: 'a,b', Stored: 'x, y', Text: 'no' } }), {
    Text: 'no', Account: '012345678901', Number: '1.50', Numbers: [1, 2], Empty: [], Subnets: ['a', 'b'], Stored: ['x', 'y'], Path: '/b'
  })
  const refusals = async (declaration: string, given?: string): Promise<unknown> => {
    const { report } = await read(stageOf('v: 1', `Parameters: { P: { ${declaration} } }`), given === undefined ? {} : { parameters: { P: given } })
    return report.refusals.map(({ message }) => message)
  }
  t.same(await refusals('Type: String, AllowedValues: [dev, prod]', 'test'), ["Parameter 'P' must be one of AllowedValues"])
  t.same(await refusals('Type: String, AllowedValues: [yes, 1]', '1'), [])
  t.same(await refusals('Type: String, Default: x, AllowedValues: [dev]'), ["Parameter 'P' must be one of AllowedValues"])
  t.same(await refusals("Type: String, AllowedPattern: '[a-z]+'", 'a1'), ["Parameter 'P' must match pattern [a-z]+"])
  t.same(await refusals("Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: must be letters", 'a1'), ["Parameter 'P' failed to satisfy constraint: must be letters"])
  t.same(await refusals("Type: String, AllowedPattern: '(a+)+b'", 'a'.repeat(5000)), ["Parameter 'P' must match pattern (a+)+b"])
  t.same(await refusals('Type: String, MinLength: 2', 'a'), ["Parameter 'P' must contain at least 2 characters"])
  t.same(await refusals('Type: String, MaxLength: 2', 'abc'), ["Parameter 'P' must contain at most 2 characters"])
  t.same(await refusals('Type: Number, MinValue: 2', '1'), ["Parameter 'P' must be a number not less than 2"])
  t.same(await refusals('Type: Number, MaxValue: 2', '3'), ["Parameter 'P' must be a number not greater than 2"])
  t.same(await refusals('Type: Number', 'x'), ["Parameter 'P' must be a number"])
  t.same(await refusals('Type: List<Number>', '1,x'), ["Parameter 'P' must be a number"])
  t.same(await refusals('Type: CommaDelimitedList, AllowedValues: [a, b]', 'a,c'), ["Parameter 'P' must be one of AllowedValues"])
  t.same(await refusals('Default: x'), ['Template format error: Every Parameters object must contain a Type member.'])
  const { report } = await read(stageOf('v: 1', 'Parameters: { P: { Type: String, Default: a } }'), { parameters: { Q: 'x', constructor: 'y' } })
  t.same(report.refusals.map(({ message }) => message), ['Parameters: [Q] do not exist in the template', 'Parameters: [constructor] do not exist in the template'])
})

t.test('migration 4 conditions choose resources; what is not deployed cannot be referred to', async (t) => {
  const { of, report } = await read(`Parameters: { Env: { Type: String, Default: dev } }
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Condition: Prod }
  Topic: { Type: AWS::SNS::Topic, Condition: Prod }
  Route: { Type: AWS::ApiGatewayV2::Route, DependsOn: [Topic], Properties: { RouteKey: a, ApiId: !Ref Api, OperationName: !If [Prod, !Ref Topic, none] } }
`)
  t.same(Object.keys(of), ['Route'])
  t.same(of['Route']?.dependsOn, [], 'a resource that is not deployed is waited for by none')
  t.match(report.entries, [
    { level: 'info', code: 'condition-false', resource: 'Api', line: 5, message: 'Api is not deployed: its condition Prod is false' },
    { level: 'error', resource: 'Route', property: 'ApiId', message: /Unresolved resource dependencies \[Api\]/ }
  ])
  t.equal(report.entries.length, 2)
  const unknown = await read('Parameters: { Env: { Type: String } }\nConditions:\n  Prod: !Equals [!Ref Env, prod]\nResources:\n  Api: { Type: AWS::ApiGatewayV2::Api, Condition: Prod }\n  Two: { Type: AWS::ApiGatewayV2::Api, Condition: Prod }')
  t.same(Object.keys(unknown.of), ['Api', 'Two'], 'a condition that cannot be told keeps its resource')
  t.match(unknown.report.entries, ['Api', 'Two'].map((resource) => ({ level: 'error', code: 'parameter-missing', resource, line: 3, message: 'Parameter Env has no value' })))
})

t.test('malformed conditions are refused where they stand', async (t) => {
  const refusal = async (conditions: string): Promise<Partial<ReportEntry> | undefined> =>
    (await read(`Conditions:\n${conditions}\nResources:\n  Api: { Type: AWS::ApiGatewayV2::Api, Condition: A }`)).report.refusals[0]
  t.match(await refusal('  A: !Equals [a]'), { message: /every Fn::Equals object requires a list of 2 string parameters/, line: 2, resource: 'Api' })
  t.match(await refusal('  A: !Not [!Condition B, !Condition B]'), { message: /every Fn::Not object requires a list of 1 boolean parameter/ })
  t.match(await refusal('  A: !And [!Equals [a, a]]'), { message: /at least 2 and at most 10 boolean parameters/ })
  t.match(await refusal('  A: !Or a'), { message: /at least 2 and at most 10 boolean parameters/ })
  t.match(await refusal('  A: true'), { message: /Every Conditions member must be a Condition, Fn::And, Fn::Equals, Fn::Not or Fn::Or/ })
  t.match(await refusal('  A: { Condition: [B] }'), { message: /every Condition object must have a single String value/ })
  t.match(await refusal('  A: !Condition Gone'), { message: /Unresolved condition dependency Gone/ })
  t.match(await refusal('  A: !Equals [!Ref Api, a]'), { message: /Unresolved dependencies \[Api\]\. Cannot reference resources in the Conditions block of the template/ })
  t.match(await refusal('  A: !Equals [!GetAtt Api.ApiId, a]'), { message: /Cannot reference resources in the Conditions block/ })
  t.match(await refusal('  B: !Not [!Condition A]\n  A: !Not [!Condition B]'), { message: 'Template error: Circular dependency between conditions: [A, B]' })
  t.match(await refusal('  A: !Equals [!If [A, x, y], x]'), { message: 'Template error: Circular dependency between conditions: [A]' })
  const chain = Array.from({ length: 5000 }, (_, i) => `  ${i === 0 ? 'A' : `A${i}`}: !Not [!Condition A${i + 1}]`).join('\n')
  t.match(await refusal(chain), { message: /Conditions name one another more than 200 deep/ })
})

t.test('resources that wait for one another are refused', async (t) => {
  const circle = async (resources: string) => (await read(`Resources:\n${resources}`)).report.refusals.map(({ message }) => message)
  t.same(await circle('  A: { Type: AWS::ApiGatewayV2::Stage, Properties: { DeploymentId: !Ref B } }\n  B: { Type: AWS::ApiGatewayV2::Deployment, DependsOn: C }\n  C: { Type: X, Properties: { a: [!Sub "${A}"] } }'),
    ['Circular dependency between resources: [A, B, C]'])
  t.same(await circle('  A: { Type: AWS::ApiGatewayV2::Stage, DependsOn: A }'), ['Circular dependency between resources: [A]'])
  t.same(await circle('  A: { Type: AWS::ApiGatewayV2::Stage, DependsOn: [Gone] }'), ['Template format error: Unresolved resource dependencies [Gone] in the Resources block of the template'])
  t.same(await circle('  A: { Type: AWS::Serverless::Function, Properties: { Events: { a: { Type: SQS, Properties: { Queue: !GetAtt B.Arn } } } } }\n  B: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref A } }'), [], 'events are resources of their own')
  const long = Array.from({ length: 5000 }, (_, i) => `  A${i}: { Type: X, DependsOn: A${i + 1} }`).join('\n')
  t.same(await circle(`${long}\n  A5000: { Type: X }`), [], 'a long line is no circle')
})

t.test('Fn::ForEach writes members: resources, properties, conditions, one loop inside another', async (t) => {
  const { of, report, resources } = await read(`Transform: AWS::LanguageExtensions
Parameters: { Keys: { Type: CommaDelimitedList, Default: 'send-all,join' } }
Conditions:
  Fn::ForEach::Flags:
    - Flag
    - [A, B]
    - Is\${Flag}: !Equals [!Ref Flag, A]
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: x } }
  Fn::ForEach::Routes:
    - Key
    - !Ref Keys
    - Route&{Key}:
        Type: AWS::ApiGatewayV2::Route
        Condition: IsA
        Properties:
          ApiId: !Ref Api
          RouteKey: !Ref Key
          OperationName: !Sub '\${Key}-\${AWS::Region}'
          Target: !Ref Gone\${Key}
  Fn::ForEach::Stages:
    - Name
    - [a, b]
    - Fn::ForEach::Inner:
        - Kind
        - [x]
        - Stage\${Name}\${Kind}:
            Type: AWS::ApiGatewayV2::Stage
            Properties:
              StageName: \${Name}
              StageVariables:
                Fn::ForEach::Variables: [V, [one, two], { 'n\${V}': '\${V}' }]
  Never: { Type: AWS::ApiGatewayV2::Api, Condition: IsB }
`)
  t.same(resources.map(({ id }) => id), ['Api', 'Routesendall', 'Routejoin', 'Stageax', 'Stagebx'])
  t.strictSame(JSON.parse(JSON.stringify(of['Routesendall']?.properties)), { ApiId: api, RouteKey: 'send-all', OperationName: 'send-all-eu-west-1' })
  t.strictSame(JSON.parse(JSON.stringify(of['Stagebx']?.properties)), { StageName: 'b', StageVariables: { none: 'one', ntwo: 'two' } })
  t.match(report.refusals, [{ resource: 'Routesendall', property: 'Target', line: 20 }, { resource: 'Routejoin', line: 20 }])
  const refusal = async (loop: string) => (await read(`Resources:\n  Fn::ForEach::A: ${loop}`)).report.refusals.map(({ message }) => message)
  t.match(await refusal('[a]'), [/Fn::ForEach requires a list of an identifier, a collection and a map of one key/])
  t.match(await refusal('[A, b, { c: d }]'), [/the collection is not a list of texts/])
  t.match(await refusal('[A, [!Ref Gone], { c: d }]'), [/Cannot reference resources/])
  const many = `[${'x,'.repeat(200)}]`
  t.match(await refusal(`[A, ${many}, { 'Fn::ForEach::B': [B, ${many}, { 'c\${A}\${B}': { Type: x } }] }]`), [/writes more than 10000 members/])
})

t.test('sections and resources are held to their shapes', async (t) => {
  const refusals = async (text: string) => (await read(text)).report.refusals.map(({ message }) => message)
  t.same(await refusals('Resources: { A: { Type: X } }\nResource: {}'), ['Invalid template property or properties [Resource]'])
  t.same(await refusals('\nResources: { A: { Properties: {} }, B: x, C: { Type: X, Properties: [] }, D-e: { Type: X }, F: { Type: X, DependsOn: { a: b } }, G: { Type: X, Condition: [a] } }'), [
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
    'Template format error: [/Resources/B] Every Resources object must contain a Type member.',
    'Template format error: [/Resources/C/Properties] must be a map',
    'Template format error: Resource name D-e is non alphanumeric.',
    'Template format error: [/Resources/F/DependsOn] must be a string or a list of strings',
    'Template format error: [/Resources/G/Condition] must be a string'
  ])
  t.same(await refusals('Resources: { A: { Type: X } }\nParameters: []\nConditions: x'), ['Template format error: Parameters must be a map', 'Template format error: Conditions must be a map'])
  await t.rejects(read({ Resources: [] }, { format: 'cloudformation' }), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /Template has no map of Resources/ })
  const { report } = await read('Transform: [AWS::Serverless-2016-10-31, MyMacro, { Name: AWS::Include }]\nOutputs: {}\nMetadata: {}\nResources:\n  A: { Type: AWS::Serverless::Function }')
  t.match(report.entries, [
    { level: 'info', code: 'section-dropped', resource: 'Metadata', line: 3 },
    { level: 'info', code: 'section-dropped', resource: 'Outputs', line: 2 },
    { level: 'error', code: 'transform-unknown', resource: 'Transform', message: /Transform MyMacro is not run here/, line: 1 },
    { level: 'error', code: 'transform-unknown', message: /Transform AWS::Include is not run here/ }
  ])
})

t.test('nested stacks are told of where something needs them', async (t) => {
  const { report } = await read(`Resources:
  Auth: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://example.com } }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Description: !GetAtt Auth.Outputs.Name } }
`)
  t.match(report.entries, [{ level: 'error', code: 'nested-stack', resource: 'Api', property: 'Description', line: 3, message: /^Auth is a nested stack/ }])
  t.same(report.refusals, [])
})

t.test('migration 4 SAM: globals are merged as SAM merges them, with their positions', async (t) => {
  const { of, report } = await read(`Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
    Timeout: 5
    Layers: [a]
    VpcConfig: { SubnetIds: [s1] }
    Environment:
      Variables: { A: global, B: !ImportValue b }
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 30
      Layers: [b]
      VpcConfig: !If [x, y, z]
      Environment:
        Variables: { A: own, C: !Ref Other }
  Other: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs20.x } }
  Plain: { Type: AWS::Lambda::Function, Properties: { Handler: a.b } }
`)
  t.strictSame(JSON.parse(JSON.stringify(of['Fn']?.properties)), {
    Runtime: 'nodejs22.x', Timeout: 30, Layers: ['a', 'b'], Environment: { Variables: { A: 'own', C: createReference('Other') } }
  })
  t.strictSame(of['Fn']?.type, 'AWS::Serverless::Function', 'functions stay resources')
  t.strictSame(JSON.parse(JSON.stringify(of['Plain']?.properties)), { Handler: 'a.b' })
  t.match(of['Other']?.properties, { Runtime: 'nodejs20.x', Timeout: 5 })
  t.same([of['Fn']?.positionOf?.(['Runtime']), of['Fn']?.positionOf?.(['Timeout'])], [{ line: 4, column: 5 }, { line: 14, column: 7 }])
  t.match(report.entries.filter(({ code }) => code === 'import-value'), [
    { level: 'warning', resource: 'Fn', property: 'Environment.Variables.B', line: 9 },
    { level: 'warning', resource: 'Other', property: 'Environment.Variables.B', line: 9 }
  ])
})

t.test('SAM: a resource may turn globals away', async (t) => {
  const { of } = await read(`Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Timeout: 5 } }
Resources:
  All: { Type: AWS::Serverless::Function, IgnoreGlobals: '*', Properties: { Handler: a.b } }
  One: { Type: AWS::Serverless::Function, IgnoreGlobals: [Timeout] }
`)
  t.strictSame(JSON.parse(JSON.stringify([of['All']?.properties, of['One']?.properties])), [{ Handler: 'a.b' }, { Runtime: 'nodejs22.x' }])
})

t.test('SAM: what it does in silence is told', async (t) => {
  const { report, of } = await read(`Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Auth: { AuthType: custom, AuthArn: a }
      Routes: { $connect: { FunctionArn: a }, send: { FunctionArn: b }, SEND: { FunctionArn: c } }
`)
  t.match(report.entries, [
    { level: 'error', code: 'logical-id-twice', resource: 'Chat', property: 'Routes.SEND', line: 8, message: /send and SEND both become ChatSendRoute/ },
    { level: 'warning', code: 'authorization-none', property: 'Auth.AuthType', line: 7, message: 'SAM reads AuthType custom as NONE: everybody may connect' }
  ])
  t.equal(of['ChatConnectRoute']?.properties['AuthorizationType'], 'NONE')
  t.equal(of['ChatSendRoute']?.properties['RouteKey'], 'SEND')
})

t.test('attributes of resources that CloudFormation does not know are refused, those of updates dropped', async (t) => {
  const { report } = await read(`Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, DeletionPolicy: Retain, Metadata: { a: b }, Propertys: {} }
  Table: { Type: AWS::DynamoDB::Table, UpdateReplacePolicy: Retain }
`)
  t.match(report.entries, [
    { level: 'info', code: 'attribute-dropped', line: 2, message: 'DeletionPolicy of Api has no meaning here and was left out' },
    { level: 'error', code: 'resource-attribute', line: 2, message: "Invalid template resource property 'Propertys'" }
  ])
  t.equal(report.entries.length, 2)
})

t.test('migration 4 SAM: what it makes beside a resource can be referred to', async (t) => {
  const { of, report } = await read(`Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: prod } }
Resources:
  Fn: { Type: AWS::Serverless::Function, Properties: { AutoPublishAlias: !Ref Stage } }
  Plain: { Type: AWS::Serverless::Function, Properties: { Role: arn } }
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: !Ref Stage
      RouteSelectionExpression: $request.body.action
      Domain: { DomainName: a.b, CertificateArn: c, Route53: { HostedZoneId: z }, Colour: red }
      Auth: { AuthType: CUSTOM, AuthArn: !Ref Fn.Version, PayloadFormatVersion: '1.0' }
      Routes:
        $connect: { FunctionArn: !Ref Fn.Alias, Timeout: 3 }
        sendMessage: { FunctionArn: !Ref FnAliasprod, OperationName: !ImportValue x }
  Stack:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: !Sub '\${Fn.Alias} \${Fn.Version} \${FnRole.Arn}'
      Description: !Sub '\${Chat.Stage} \${Chat.DomainName} \${ServerlessRestApi}'
      Version: !Ref Plain.Alias
      ApiKeySelectionExpression: !GetAtt PlainRole.Arn
`)
  const reference = createReference
  const { Name, Description } = of['Stack']?.properties ?? {}
  t.equal(Name, `${reference('Fn', 'Alias')} ${reference('Fn', 'Version')} ${reference('FnRole', 'Arn')}`)
  t.match(Description, new RegExp(`^${reference('ChatprodStage')} \uE0F0ApiGatewayDomainNameV2[0-9a-f]{10}\uE0F1 ${reference('ServerlessRestApi')}$`))
  t.equal(of['ChatConnectIntegration']?.properties['IntegrationUri'],
    `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${reference('Fn', 'Alias')}/invocations`)
  t.equal(of['ChatSendmessageIntegration']?.properties['IntegrationUri'],
    `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${reference('Fn', 'Alias')}/invocations`)
  t.equal(of['ChatConnectPermission']?.properties['SourceArn'], `arn:aws:execute-api:eu-west-1:123456789012:${reference('Chat', 'ApiId')}/prod/$connect`)
  t.match(report.entries, [
    { level: 'warning', code: 'property-unknown', resource: 'Chat', property: 'Auth.PayloadFormatVersion', line: 12 },
    { level: 'info', code: 'property-dropped', resource: 'Chat', property: 'Domain.Route53', line: 11 },
    { level: 'warning', code: 'property-unknown', resource: 'Chat', property: 'Domain.Colour' },
    { level: 'warning', code: 'property-unknown', resource: 'Chat', property: 'Routes.$connect.Timeout', line: 14 },
    { level: 'error', code: 'import-value', resource: 'ChatSendmessageRoute', property: 'Routes.sendMessage.OperationName', line: 15 },
    { level: 'error', resource: 'Stack', property: 'Version', message: /Unresolved resource dependencies \[Plain\.Alias\]/ },
    { level: 'error', resource: 'Stack', property: 'ApiKeySelectionExpression', message: /undefined resource PlainRole/ }
  ])
  t.equal(report.entries.length, 7)
  t.same(of['ApiGatewayDomainNameV2']?.id, undefined)
  const domain = Object.values(of).find(({ type }) => type === 'AWS::ApiGatewayV2::DomainName')
  t.equal(domain?.nameOf?.(['DomainNameConfigurations', 0, 'EndpointType']), 'Domain.EndpointConfiguration')
  t.same(domain?.positionOf?.(['DomainNameConfigurations', 0, 'CertificateArn']), { line: 11, column: 34 })
})

t.test('a condition of a WebSocketApi is that of all that SAM makes of it', async (t) => {
  const { resources } = await read(`Transform: AWS::Serverless-2016-10-31
Conditions: { Never: !Equals [a, b] }
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Condition: Never
    Properties: { RouteSelectionExpression: a, Routes: { a: { FunctionArn: b } } }
`)
  t.same(resources, [])
})

t.test('what a template may become has an end', async (t) => {
  const rejects = (template: string) => t.rejects(read(template), { code: 'AGW_ERR_MIGRATE_SOURCE', message: /It evaluates to more than 20000000 characters/ })
  await rejects(stageOf(`v: !Sub '${'${P}'.repeat(50_000)}'`, `Parameters: { P: { Type: String, Default: ${'x'.repeat(1000)} } }`))
  await rejects(stageOf(`v: [${'!Ref P,'.repeat(2000)}]`, `Parameters: { P: { Type: CommaDelimitedList, Default: '${'a,'.repeat(5000)}' } }`))
})

t.test('names of JavaScript objects are names like others', async (t) => {
  const { of, report } = await read(`Parameters: { toString: { Type: String, Default: a } }
Mappings: { valueOf: { a: { b: c } } }
Conditions: { hasOwnProperty: !Equals [a, a] }
Resources:
  constructor: { Type: AWS::ApiGatewayV2::Api, Condition: hasOwnProperty, Properties: { Name: !Ref toString, __proto__: !FindInMap [valueOf, a, b] } }
  Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref constructor, Target: !Ref __proto__ } }
`)
  t.same(Object.entries(of['constructor']?.properties ?? {}), [['Name', 'a'], ['__proto__', 'c']])
  t.equal(of['Route']?.properties['ApiId'], createReference('constructor'))
  t.match(report.refusals, [{ message: /\[__proto__\]/ }])
})

t.test('CDK: the folder that code was made of stands for the bucket it was packed into', async (t) => {
  const { of } = await read({
    Resources: {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: { Code: { S3Bucket: { 'Fn::Sub': 'cdk-${AWS::Region}' }, S3Key: 'a.zip' }, Handler: 'index.handler' },
        Metadata: { 'aws:cdk:path': 'Stack/Fn', 'aws:asset:path': 'asset.0123', 'aws:asset:property': 'Code' }
      }
    }
  })
  t.same(of['Fn']?.properties, { Code: 'asset.0123', Handler: 'index.handler' })
})

t.test('a template whose serverless types no transform explains is read, and told of', async (t) => {
  const { report, of } = await read('Resources:\n  Fn: { Type: AWS::Serverless::Function }')
  t.match(report.entries, [{ level: 'warning', code: 'transform-missing', line: 1 }])
  t.same(Object.keys(of), ['Fn'])
})
