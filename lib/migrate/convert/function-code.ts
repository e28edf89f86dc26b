// Where the code of a function is: a folder of the project, a text of the definition, or out of reach.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ImportedFunction, ReportEntry } from '../../../types/migrate.js'
import { isOutside } from '../../paths.ts'
import { quote } from '../quote.ts'
import type { Json, PropertyPath, Resource } from '../resource.ts'
import { findAssemblyRoot, findAsset } from './cloud-assembly.ts'
import { isPlainObject } from './read-properties.ts'
import { statOf } from './stat-of.ts'

/** What `sam build` takes where a function names no code. */
const BUILT_FROM = '.'

export interface FunctionCode {
  readonly found: Pick<ImportedFunction, 'codeDirectory' | 'inlineCode'>
  /** What is wrong, and the property it is wrong in. */
  readonly fault?: Pick<ReportEntry, 'code' | 'message' | 'hint'> & { readonly path: PropertyPath }
}

/** `directory` is where the definition lies; nothing outside of it, or of what CDK wrote it into, is read or named. */
export function readFunctionCode ({ type, properties }: Resource, directory: string): FunctionCode {
  const { PackageType, ImageUri, InlineCode, CodeUri, Code } = properties
  if (PackageType === 'Image' || ImageUri !== undefined || member(Code, 'ImageUri') !== undefined) {
    return wrong('function-image', 'its code is a container image', [ImageUri === undefined ? 'PackageType' : 'ImageUri'])
  }
  const inlineCode = InlineCode ?? member(Code, 'ZipFile')
  if (typeof inlineCode === 'string') return { found: { inlineCode } }
  const [property, given] = CodeUri === undefined ? ['Code', Code] : ['CodeUri', CodeUri]
  const root = findAssemblyRoot(directory)
  if (isInS3(given)) {
    const asset = findAsset(member(given, 'S3Key'), root)
    if (asset !== undefined) return readFolder(asset, { directory, root }, [property as string])
    return wrong('function-code-remote', 'its code lies in S3', [property as string], 'import the definition as it was before it was packaged, or bind the function yourself')
  }
  if (given === undefined && type === 'AWS::Serverless::Function') return readFolder(BUILT_FROM, { directory, root }, [])
  if (typeof given !== 'string') return wrong('function-code-missing', 'the definition does not say where its code is', [])
  return readFolder(given, { directory, root }, [property as string])
}

interface Folders {
  /** Where relative paths begin. */
  readonly directory: string
  /** What they must not leave. */
  readonly root: string
}

function readFolder (given: string, { directory, root }: Folders, path: PropertyPath): FunctionCode {
  const codeDirectory = resolve(directory, given)
  if (isOutside(root, codeDirectory)) return wrong('function-code-outside', `its code ${quote(given)} lies outside of the definition's folder`, path)
  const stats = statOf(codeDirectory)
  if (stats === undefined) return wrong('function-code-missing', `its code ${quote(given)} does not exist`, path)
  if (!stats.isDirectory()) return wrong('function-code-archive', `its code ${quote(given)} is no folder`, path, 'name the folder it was made of')
  if (isOutside(realpathSync(root), realpathSync(codeDirectory))) {
    return wrong('function-code-outside', `its code ${quote(given)} leads outside of the definition's folder`, path)
  }
  return { found: { codeDirectory } }
}

function isInS3 (code: Json | undefined): boolean {
  return typeof code === 'string' ? /^s3:\/\//i.test(code) : (member(code, 'S3Bucket') ?? member(code, 'Bucket')) !== undefined
}

function member (value: Json | undefined, name: string): Json | undefined {
  return isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function wrong (code: string, message: string, path: PropertyPath, hint?: string): FunctionCode {
  return { found: {}, fault: { code, message, path, ...(hint === undefined ? undefined : { hint }) } }
}
