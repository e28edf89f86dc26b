// The arguments of Terraform's resources in CloudFormation's words, by the schemas of the AWS provider (6.x).

/** What becomes of an argument. */
export type Argument =
  /** A property of that name with the same value. */
  | string
  | BlockArgument
  /** CloudFormation has no property for it, and why that does not matter. */
  | { readonly dropped: string }
  /** No argument but what AWS answered. */
  | { readonly computed: true }

/** Blocks: `one` stands at most once, `list` stays a list, `byKey` is a map by `key`. A `tagList` is a map that becomes a list. */
export interface BlockArgument {
  readonly property: string
  readonly shape: 'one' | 'list' | 'byKey' | 'tagList'
  readonly key?: string
  readonly block?: Arguments
}

export type Arguments = Readonly<Record<string, Argument>>

export interface ResourceTable {
  /** CloudFormation's type. */
  readonly type: string
  readonly arguments: Arguments
  /** Of what is no resource of the gateway only what is needed to run it is read. */
  readonly ignoresOthers?: true
}

const COMPUTED = { computed: true } as const
const TAGS = { tags: 'Tags', tags_all: 'Tags' }
const TAG_LIST = { tags: { property: 'Tags', shape: 'tagList' }, tags_all: { property: 'Tags', shape: 'tagList' } } as const
/** What every resource may have. */
const COMMON: Arguments = {
  id: COMPUTED,
  arn: COMPUTED,
  region: { dropped: 'the region of the provider or of the resource; the API is imported into one region' },
  timeouts: { dropped: 'how long Terraform waits' }
}

/** `throttling_burst_limit` is `ThrottlingBurstLimit`, as most are. */
function pascalCase (name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Arguments whose property has the same name in Pascal case. */
function same (names: string): Arguments {
  return Object.fromEntries(names.split(' ').map((name) => [name, pascalCase(name)]))
}

const ROUTE_SETTINGS = same('data_trace_enabled detailed_metrics_enabled logging_level throttling_burst_limit throttling_rate_limit')
const THROTTLE = same('burst_limit rate_limit')

/** A resource that gateways and functions refer to: only its name counts. Its id is what `Ref` gives. */
function named (type: string, property: string, argument = 'name'): ResourceTable {
  return { type, ignoresOthers: true, arguments: { [argument]: property } }
}

/** By Terraform's type. */
export const TABLES: Readonly<Record<string, ResourceTable>> = {
  aws_apigatewayv2_api: {
    type: 'AWS::ApiGatewayV2::Api',
    arguments: {
      ...COMMON,
      ...same('name protocol_type route_selection_expression api_key_selection_expression description disable_execute_api_endpoint'),
      ...same('ip_address_type version body credentials_arn fail_on_warnings route_key target'),
      ...TAGS,
      cors_configuration: {
        property: 'CorsConfiguration',
        shape: 'one',
        block: same('allow_credentials allow_headers allow_methods allow_origins expose_headers max_age')
      },
      api_endpoint: COMPUTED,
      execution_arn: COMPUTED
    }
  },
  aws_apigatewayv2_route: {
    type: 'AWS::ApiGatewayV2::Route',
    arguments: {
      ...COMMON,
      ...same('api_id route_key target authorization_type authorization_scopes authorizer_id api_key_required operation_name'),
      ...same('model_selection_expression request_models route_response_selection_expression'),
      request_parameter: {
        property: 'RequestParameters', shape: 'byKey', key: 'request_parameter_key', block: { required: 'Required' }
      }
    }
  },
  aws_apigatewayv2_route_response: {
    type: 'AWS::ApiGatewayV2::RouteResponse',
    arguments: { ...COMMON, ...same('api_id route_id route_response_key model_selection_expression response_models') }
  },
  aws_apigatewayv2_integration: {
    type: 'AWS::ApiGatewayV2::Integration',
    arguments: {
      ...COMMON,
      ...same('api_id integration_type connection_type connection_id content_handling_strategy credentials_arn description'),
      ...same('integration_method integration_subtype integration_uri passthrough_behavior payload_format_version'),
      ...same('request_parameters request_templates template_selection_expression'),
      timeout_milliseconds: 'TimeoutInMillis',
      response_parameters: { property: 'ResponseParameters', shape: 'byKey', key: 'status_code', block: { mappings: 'ResponseParameters' } },
      tls_config: { property: 'TlsConfig', shape: 'one', block: same('server_name_to_verify') },
      integration_response_selection_expression: COMPUTED
    }
  },
  aws_apigatewayv2_integration_response: {
    type: 'AWS::ApiGatewayV2::IntegrationResponse',
    arguments: {
      ...COMMON,
      ...same('api_id integration_id integration_response_key content_handling_strategy response_templates template_selection_expression')
    }
  },
  aws_apigatewayv2_model: {
    type: 'AWS::ApiGatewayV2::Model',
    arguments: { ...COMMON, ...same('api_id name content_type description schema') }
  },
  aws_apigatewayv2_authorizer: {
    type: 'AWS::ApiGatewayV2::Authorizer',
    arguments: {
      ...COMMON,
      ...same('api_id name authorizer_type authorizer_uri authorizer_credentials_arn authorizer_payload_format_version'),
      ...same('authorizer_result_ttl_in_seconds enable_simple_responses'),
      identity_sources: 'IdentitySource',
      jwt_configuration: { property: 'JwtConfiguration', shape: 'one', block: same('audience issuer') }
    }
  },
  aws_apigatewayv2_stage: {
    type: 'AWS::ApiGatewayV2::Stage',
    arguments: {
      ...COMMON,
      ...same('api_id auto_deploy deployment_id description client_certificate_id stage_variables'),
      ...TAGS,
      name: 'StageName',
      access_log_settings: { property: 'AccessLogSettings', shape: 'one', block: same('destination_arn format') },
      default_route_settings: { property: 'DefaultRouteSettings', shape: 'one', block: ROUTE_SETTINGS },
      route_settings: { property: 'RouteSettings', shape: 'byKey', key: 'route_key', block: ROUTE_SETTINGS },
      execution_arn: COMPUTED,
      invoke_url: COMPUTED
    }
  },
  aws_apigatewayv2_deployment: {
    type: 'AWS::ApiGatewayV2::Deployment',
    arguments: {
      ...COMMON,
      ...same('api_id description'),
      triggers: { dropped: 'tells Terraform when to deploy anew; here what is declared is what runs' },
      auto_deployed: COMPUTED
    }
  },
  aws_apigatewayv2_domain_name: {
    type: 'AWS::ApiGatewayV2::DomainName',
    arguments: {
      ...COMMON,
      ...same('domain_name routing_mode'),
      ...TAGS,
      domain_name_configuration: {
        property: 'DomainNameConfigurations',
        shape: 'list',
        block: {
          ...same('certificate_arn endpoint_type ip_address_type ownership_verification_certificate_arn security_policy'),
          hosted_zone_id: COMPUTED,
          target_domain_name: COMPUTED
        }
      },
      mutual_tls_authentication: { property: 'MutualTlsAuthentication', shape: 'one', block: same('truststore_uri truststore_version') },
      api_mapping_selection_expression: COMPUTED
    }
  },
  aws_apigatewayv2_api_mapping: {
    type: 'AWS::ApiGatewayV2::ApiMapping',
    arguments: { ...COMMON, ...same('api_id domain_name stage api_mapping_key') }
  },
  aws_api_gateway_api_key: {
    type: 'AWS::ApiGateway::ApiKey',
    arguments: {
      ...COMMON, ...same('name value enabled description customer_id'), ...TAG_LIST, created_date: COMPUTED, last_updated_date: COMPUTED
    }
  },
  aws_api_gateway_usage_plan: {
    type: 'AWS::ApiGateway::UsagePlan',
    arguments: {
      ...COMMON,
      ...TAG_LIST,
      name: 'UsagePlanName',
      description: 'Description',
      product_code: { dropped: 'the product of AWS Marketplace; neither CloudFormation nor this gateway knows it' },
      api_stages: {
        property: 'ApiStages',
        shape: 'list',
        block: { ...same('api_id stage'), throttle: { property: 'Throttle', shape: 'byKey', key: 'path', block: THROTTLE } }
      },
      quota_settings: { property: 'Quota', shape: 'one', block: same('limit offset period') },
      throttle_settings: { property: 'Throttle', shape: 'one', block: THROTTLE }
    }
  },
  aws_api_gateway_usage_plan_key: {
    type: 'AWS::ApiGateway::UsagePlanKey',
    arguments: { ...COMMON, ...same('key_id key_type usage_plan_id'), name: COMPUTED, value: COMPUTED }
  },
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    ignoresOthers: true,
    arguments: {
      ...same('function_name handler runtime role description timeout memory_size layers package_type architectures'),
      ...same('image_uri s3_bucket s3_key s3_object_version'),
      filename: 'Code',
      ...TAG_LIST,
      environment: { property: 'Environment', shape: 'one', block: { variables: 'Variables' } }
    }
  },
  aws_lambda_alias: {
    type: 'AWS::Lambda::Alias',
    ignoresOthers: true,
    arguments: same('name description function_name function_version')
  },
  aws_acm_certificate: named('AWS::CertificateManager::Certificate', 'DomainName', 'domain_name'),
  aws_cloudwatch_log_group: named('AWS::Logs::LogGroup', 'LogGroupName'),
  aws_dynamodb_table: named('AWS::DynamoDB::Table', 'TableName'),
  aws_iam_role: named('AWS::IAM::Role', 'RoleName'),
  aws_s3_bucket: named('AWS::S3::Bucket', 'BucketName', 'bucket'),
  aws_sfn_state_machine: named('AWS::StepFunctions::StateMachine', 'StateMachineName'),
  aws_sns_topic: named('AWS::SNS::Topic', 'TopicName'),
  aws_sqs_queue: named('AWS::SQS::Queue', 'QueueName')
}
