// The nodes of a YAML document as JSON: aliases and merge keys followed, short tags in CloudFormation's long form.
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Alias, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import type { Refuse } from './json-text.ts'
import type { Positions } from './positions.ts'
import { quote } from './quote.ts'
import type { Json, JsonObject } from './resource.ts'
import { isNotFinite, readBoolean, readNumber, readPlainScalar } from './yaml-scalar.ts'

/** Values that may come of aliases, so that a few lines cannot become millions. */
const MAXIMUM_ALIASED = 50_000
const CORE_TAG = 'tag:yaml.org,2002:'
/** Intrinsics with a short tag: `!` and the name. */
const INTRINSICS = new Set(['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join',
  'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'])
const BARE_INTRINSICS = new Set(['Condition', 'Ref'])

export class NodeReader {
  readonly #positions: Positions
  readonly #refuse: Refuse
  readonly #maximumDepth: number
  readonly #anchors = new Map<string, ParsedNode>()
  readonly #targets = new Map<Alias, ParsedNode>()
  /** What is being converted now: an alias of one of them would have no end. */
  readonly #open = new Set<ParsedNode>()
  #aliases = 0
  #aliased = 0

  constructor (positions: Positions, refuse: Refuse, maximumDepth: number) {
    this.#positions = positions
    this.#refuse = refuse
    this.#maximumDepth = maximumDepth
  }

  read (node: ParsedNode): Json {
    const offset = node.range[0]
    if (this.#open.size > 2 * this.#maximumDepth) this.#refuse(`Aliases are nested more than ${2 * this.#maximumDepth} deep`, offset)
    if (this.#aliases > 0 && ++this.#aliased > MAXIMUM_ALIASED) {
      this.#refuse(`Aliases stand for more than ${MAXIMUM_ALIASED} values`, offset)
    }
    if (isAlias(node)) return this.#follow(node, (target) => this.read(target))
    if (node.anchor !== undefined && this.#aliases === 0) this.#anchors.set(node.anchor, node)
    this.#open.add(node)
    const value = this.#tagged(node)
    this.#open.delete(node)
    return value
  }

  #follow<Result> (alias: Alias.Parsed, use: (target: ParsedNode) => Result): Result {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source)
    if (target === undefined) return this.#refuse(`Alias *${alias.source} has no anchor before it`, alias.range[0])
    if (this.#open.has(target)) return this.#refuse(`Alias *${alias.source} stands inside of what it names`, alias.range[0])
    this.#targets.set(alias, target)
    this.#aliases++
    const result = use(target)
    this.#aliases--
    return result
  }

  #tagged (node: Exclude<ParsedNode, Alias.Parsed>): Json {
    const tag = node.tag
    if (tag === undefined || tag.startsWith(CORE_TAG) || tag === '!') return this.#untagged(node)
    const name = tag.slice(1)
    const key = INTRINSICS.has(name) ? `Fn::${name}` : name
    if (!tag.startsWith('!') || (key === name && !BARE_INTRINSICS.has(name))) {
      this.#refuse(`Tag ${tag} is not known; the tags of CloudFormation's intrinsic functions are Ref, Condition and ${[...INTRINSICS].join(', ')}`, node.range[0])
    }
    const long: JsonObject = Object.create(null)
    this.#positions.set(long, key, node.range[0])
    long[key] = isScalar(node) ? argumentOf(key, String(node.value)) : this.#untagged(node)
    return long
  }

  #untagged (node: Exclude<ParsedNode, Alias.Parsed>): Json {
    return isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node) : this.#scalar(node)
  }

  #list (node: YAMLSeq.Parsed): Json[] {
    if (node.tag?.startsWith(CORE_TAG) === true && node.tag !== `${CORE_TAG}seq`) this.#refuseTag(node)
    const list: Json[] = []
    for (const item of node.items) {
      this.#positions.set(list, list.length, item.range[0])
      list.push(this.read(item))
    }
    return list
  }

  #map (node: YAMLMap.Parsed): JsonObject {
    if (node.tag?.startsWith(CORE_TAG) === true && node.tag !== `${CORE_TAG}map`) this.#refuseTag(node)
    const object: JsonObject = Object.create(null)
    const merged: JsonObject[] = []
    for (const { key, value } of node.items) {
      if (!isScalar(key) || (key.tag !== undefined && !key.tag.startsWith(CORE_TAG))) {
        this.#refuse('Key of a map is not a plain text', key?.range[0] ?? node.range[0])
      }
      const name = String(key.value)
      if (key.anchor !== undefined && this.#aliases === 0) this.#anchors.set(key.anchor, key)
      if (name === '<<' && key.type === 'PLAIN') {
        this.#collectMerged(value, merged, key.range[0])
        continue
      }
      if (name in object) this.#refuse(`Key ${quote(name)} is written twice`, key.range[0])
      this.#positions.set(object, name, key.range[0])
      object[name] = value === null ? null : this.read(value)
    }
    for (const source of merged) this.#merge(object, source)
    return object
  }

  /** `<<: *a`, `<<: [*a, *b]`: the first that has a key wins. */
  #collectMerged (node: ParsedNode | null, merged: JsonObject[], offset: number): void {
    const values = node === null ? [] : [this.read(node)].flat()
    if (node === null || values.some((value) => typeof value !== 'object' || value === null || Array.isArray(value))) {
      this.#refuse('Merge key << takes a map or a list of maps', offset)
    }
    merged.push(...values as JsonObject[])
  }

  #merge (object: JsonObject, source: JsonObject): void {
    for (const [name, value] of Object.entries(source)) {
      if (name in object) continue
      object[name] = value
      this.#positions.copy(source, object, name)
    }
  }

  #scalar (node: Scalar.Parsed): Json {
    const text = String(node.value)
    const tag = node.tag
    if (tag === undefined && node.type === 'PLAIN') {
      if (isNotFinite(text)) this.#refuse(`Number ${text} has no place in JSON`, node.range[0])
      return readPlainScalar(text)
    }
    switch (tag?.slice(CORE_TAG.length)) {
      case undefined: case '': case 'str': return text
      case 'null': return null
      case 'bool': return readBoolean(text) ?? this.#refuse(`Text ${quote(text)} is not a boolean`, node.range[0])
      case 'int': case 'float': return readNumber(text) ?? text
      default: return this.#refuseTag(node)
    }
  }

  #refuseTag (node: ParsedNode): never {
    return this.#refuse(`Tag ${node.tag} is one that CloudFormation does not read`, node.range[0])
  }
}

/** `!GetAtt Function.Arn` is a list in the long form, the rest of its dots a part of the attribute. */
function argumentOf (key: string, text: string): Json {
  const dot = key === 'Fn::GetAtt' ? text.indexOf('.') : -1
  return dot === -1 ? text : [text.slice(0, dot), text.slice(dot + 1)]
}
