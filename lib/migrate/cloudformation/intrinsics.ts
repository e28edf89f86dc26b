// The intrinsic functions of CloudFormation by name, those of conditions left to conditions.ts.
import type { Json } from '../resource.ts'
import { refused, unresolved } from './failure.ts'
import type { EvaluationFailure } from './failure.ts'
import type { Scope } from './scope.ts'
import { substitute } from './substitution.ts'
import { isObject } from '../json.ts'
import { memberOf, scalarText } from './values.ts'
import type { Evaluated } from './values.ts'

/** One call of an intrinsic. */
export interface Call {
  readonly argument: Json
  readonly scope: Scope
  /** Evaluates a part of the argument; the keys are the way to it. */
  evaluate (value: Json, ...keys: Array<string | number>): Evaluated
  /** The same for what becomes the value itself. */
  choose (value: Json, ...keys: Array<string | number>): Evaluated
  /** Counts against what one template may become. */
  spend (amount: number): void
}

type Intrinsic = (call: Call) => Evaluated

/** Functions that a deployment, or a service behind it, evaluates. */
const ELSEWHERE: ReadonlyArray<readonly [string, string]> = [
  ['Fn::Cidr', 'blocks of addresses'],
  ['Fn::GetAZs', 'availability zones'],
  ['Fn::Transform', 'macros and AWS::Include']
]
const IN_CONDITIONS: readonly string[] = ['Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or']

export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', ref],
  ['Fn::Base64', base64],
  ['Fn::FindInMap', findInMap],
  ['Fn::GetAtt', getAtt],
  ['Fn::If', chooseBranch],
  ['Fn::ImportValue', importValue],
  ['Fn::Join', join],
  ['Fn::Length', length],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::Sub', sub],
  ['Fn::ToJsonString', toJsonString],
  ...ELSEWHERE.map(([name, what]): [string, Intrinsic] => [name, () => {
    throw unresolved('intrinsic-elsewhere', `${name} is not evaluated here: ${what} are known to CloudFormation alone`, 'write its value into the template')
  }]),
  ...IN_CONDITIONS.map((name): [string, Intrinsic] => [name, () => {
    throw refused('intrinsic-elsewhere', `Template error: ${name} cannot be used outside of Conditions and Rules`)
  }])
])

function ref ({ argument, scope }: Call): Evaluated {
  if (typeof argument !== 'string') throw refused('ref', 'Template format error: every Ref object must have a single String value.')
  return scope.refer(argument)
}

function getAtt ({ argument, scope, evaluate }: Call): Evaluated {
  const [id, ...names] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? argument : []
  const parts = typeof argument === 'string' ? names : names.map((name, i) => evaluate(name, i + 1))
  const attribute = parts.every((part) => typeof part === 'string') ? parts.join('.') : ''
  if (typeof id !== 'string' || id === '' || attribute === '') {
    throw refused('get-att', 'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute')
  }
  return scope.getAttribute(id, attribute)
}

function sub ({ argument, scope, evaluate, spend }: Call): Evaluated {
  const fault = refused('sub', "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string")
  const [text, own, ...rest] = Array.isArray(argument) ? argument : [argument, {}]
  if (typeof text !== 'string' || !isObject(own) || rest.length > 0 || (Array.isArray(argument) && argument.length !== 2)) throw fault
  return substitute(text, (name) => {
    const value = memberOf(own, name)
    const replaced = scalarText(value === undefined ? variable(scope, name) : evaluate(value, 1, name))
    if (replaced === undefined) throw refused('sub', `Template error: variable ${name} in Fn::Sub expression does not resolve to a string`)
    spend(replaced.length)
    return replaced
  })
}

/** `Api`, `AWS::Region`, `Function.Arn`. */
function variable (scope: Scope, name: string): Evaluated {
  const dot = name.indexOf('.')
  return dot === -1 ? scope.refer(name) : scope.getAttribute(name.slice(0, dot), name.slice(dot + 1))
}

function join ({ argument, evaluate, spend }: Call): Evaluated {
  const fault = refused('join', 'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.')
  const [delimiter, values] = pair(argument, fault)
  const list = evaluate(values, 1)
  if (typeof delimiter !== 'string' || !Array.isArray(list)) throw fault
  const texts = list.map((value) => scalarText(value))
  if (texts.includes(undefined)) throw fault
  spend(texts.reduce((sum, text) => sum + (text as string).length + delimiter.length, 0))
  return texts.join(delimiter)
}

function split ({ argument, scope, evaluate }: Call): Evaluated {
  const fault = refused('split', 'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.')
  const [delimiter, source] = pair(argument, fault)
  const text = evaluate(source, 1)
  if (typeof delimiter !== 'string' || delimiter === '' || typeof text !== 'string') throw fault
  if (scope.isOpaque(text)) throw unresolved('intrinsic-of-reference', 'Fn::Split takes apart a name or an ARN that AWS gives to a resource', 'write the part into the template')
  return text.split(delimiter)
}

function select ({ argument, evaluate }: Call): Evaluated {
  const fault = refused('select', 'Template error: Fn::Select requires a list argument with two elements: an integer index and a list')
  const [at, values] = pair(argument, fault)
  const index = scalarText(evaluate(at, 0))
  const list = evaluate(values, 1)
  if (index === undefined || !/^\d+$/.test(index) || !Array.isArray(list)) throw fault
  const value = list[Number(index)]
  if (value === undefined) throw refused('select', `Template error: Fn::Select  cannot select nonexistent value at index ${index}`)
  return value
}

function findInMap ({ argument, scope, evaluate }: Call): Evaluated {
  const fault = refused('find-in-map', 'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value')
  if (!Array.isArray(argument) || argument.length < 3 || argument.length > 4) throw fault
  const [map, key, attribute] = argument.slice(0, 3).map((part, i) => scalarText(evaluate(part, i)))
  if (map === undefined || key === undefined || attribute === undefined) throw fault
  const found = scope.findInMap(map, key, attribute)
  if (found !== undefined) return found
  const otherwise = memberOf(argument[3], 'DefaultValue')
  if (otherwise !== undefined) return evaluate(otherwise, 3, 'DefaultValue')
  throw refused('find-in-map', scope.hasMap(map)
    ? `Template error: Unable to get mapping for ${map}::${key}::${attribute}`
    : `Template error: Mapping named '${map}' is not present in the 'Mappings' section of template.`)
}

function chooseBranch ({ argument, scope, choose }: Call): Evaluated {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') {
    throw refused('if', 'Template error: Fn::If requires a list argument with three elements: the name of a condition and two values')
  }
  const branch = scope.isConditionTrue(argument[0]) ? 1 : 2
  return choose(argument[branch] as Json, branch)
}

function base64 ({ argument, scope, evaluate }: Call): Evaluated {
  const text = scalarText(evaluate(argument))
  if (text === undefined) throw refused('base64', 'Template error: every Fn::Base64 object must have a String-typed value.')
  if (scope.isOpaque(text)) throw unresolved('intrinsic-of-reference', 'Fn::Base64 encodes a name or an ARN that AWS gives to a resource', 'write the result into the template')
  return Buffer.from(text).toString('base64')
}

function importValue ({ argument, scope, evaluate }: Call): Evaluated {
  const name = evaluate(argument)
  if (typeof name !== 'string') throw refused('import-value', 'Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string')
  return scope.importValue(name)
}

function length ({ argument, evaluate }: Call): Evaluated {
  const list = evaluate(argument)
  if (!Array.isArray(list)) throw refused('length', 'Template error: Fn::Length requires a list, or a function that returns a list')
  return list.length
}

function toJsonString ({ argument, evaluate, spend }: Call): Evaluated {
  const value = evaluate(argument)
  if (typeof value !== 'object') throw refused('to-json-string', 'Template error: Fn::ToJsonString requires a map or a list')
  const text = JSON.stringify(value)
  spend(text.length)
  return text
}

function pair (argument: Json, fault: EvaluationFailure): [Json, Json] {
  if (!Array.isArray(argument) || argument.length !== 2) throw fault
  return argument as [Json, Json]
}
