// Reads a template of CloudFormation, SAM or CDK as resources, every intrinsic evaluated, references left symbolic.
import type { ImportOptions } from '../../../types/migrate.js'
import { quote } from '../quote.ts'
import type { Report } from '../report.ts'
import type { JsonObject, ReadDefinition, Resource } from '../resource.ts'
import type { Source } from '../source.ts'
import { Conditions } from './conditions.ts'
import { findCircle } from './dependencies.ts'
import { Evaluator } from './evaluator.ts'
import { EvaluationFailure } from './failure.ts'
import { ForEach } from './for-each.ts'
import { Parameters } from './parameters.ts'
import { createPseudoParameters, readDeployment, STACK_PARAMETERS } from './pseudo-parameters.ts'
import type { RawResource } from './raw-resource.ts'
import { ResourceReader } from './resource-reader.ts'
import { transformServerless } from './sam/index.ts'
import { TemplateScope } from './template-scope.ts'
import type { TemplateValues } from './template-scope.ts'
import { Template } from './template.ts'

export function readCloudFormation (source: Source, options: ImportOptions, report: Report): ReadDefinition {
  const template = new Template(source, report)
  const deployment = readDeployment(options)
  const given = options.parameters ?? {}
  const parameters = readParameters(template, given)
  const values: TemplateValues = {
    parameters,
    pseudoParameters: createPseudoParameters(deployment, given),
    mappings: template.section('Mappings'),
    importValues: options.importValues ?? {}
  }
  const { conditions, raw } = readSections(template, values)
  const serverless = transformServerless(template, raw, template.section('Globals'), parameters, report)
  const reader = new ResourceReader(conditions, serverless.resources, report)
  const scope = new TemplateScope(values, { typeOf: (id) => reader.typeOf(id), generated: serverless.generated })
  scope.useConditions(conditions)
  const resources = reader.readAll(new Evaluator(scope))
  reportStackParameters(template, scope, given)
  refuseCircle(resources, report)
  return { resources, ...deployment }
}

/** Conditions and resources, loops written out: these know of parameters and mappings, not of resources. */
function readSections (template: Template, values: TemplateValues): { conditions: Conditions, raw: RawResource[] } {
  const scope = new TemplateScope(values)
  const evaluator = new Evaluator(scope)
  const loops = new ForEach((value, path) => evaluator.evaluate(value, path))
  const conditions = new Conditions(expandLoops(template, loops, 'Conditions'), evaluator, template.positionOf)
  scope.useConditions(conditions)
  return { conditions, raw: template.resources(expandLoops(template, loops, 'Resources'), loops.origins) }
}

function readParameters (template: Template, given: Readonly<Record<string, string>>): Parameters {
  const parameters = new Parameters(template.section('Parameters'), given)
  for (const { name, message } of parameters.refusals) template.refuse('parameter-invalid', message, ['Parameters', name])
  return parameters
}

function expandLoops (template: Template, loops: ForEach, section: string): JsonObject {
  const written = template.section(section)
  try {
    return loops.expand(written, [section])
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error
    template.refuse(error.code, error.message, error.path ?? [section])
    return {}
  }
}

function reportStackParameters (template: Template, scope: TemplateScope, given: Readonly<Record<string, string>>): void {
  for (const name of STACK_PARAMETERS) {
    if (!scope.used.has(name) || Object.hasOwn(given, name)) continue
    template.add('info', 'pseudo-parameter', `${name} is not in a template; ${quote(scope.refer(name))} stands for it`, ['Resources'], `give it in parameters: ${name}`)
  }
}

function refuseCircle (resources: readonly Resource[], report: Report): void {
  const circle = findCircle(resources)
  if (circle === undefined) return
  const first = resources.find(({ id }) => id === circle[0])
  report.refuse({ code: 'resource-circle', message: `Circular dependency between resources: [${circle.join(', ')}]` }, first)
}
