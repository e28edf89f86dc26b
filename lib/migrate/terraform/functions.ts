// Where the code of a function lies: `filename` names a package, and archive_file says what it was packed from.
import { dirname } from 'node:path'
import type { Json, JsonObject, Resource } from '../resource.ts'
import type { TerraformResource } from './document.ts'

/** Arguments of their own in Terraform. */
const CODE = ['ImageUri', 'S3Bucket', 'S3Key', 'S3ObjectVersion']

/** Puts into `Code` what Terraform says beside it. */
export function readCode (function_: Resource, resources: readonly TerraformResource[]): void {
  const properties = function_.properties as JsonObject
  const code = Object.create(null) as JsonObject
  for (const name of CODE) {
    if (Object.hasOwn(properties, name)) code[name] = properties[name] as Json
    delete properties[name]
  }
  const { Code: filename } = properties
  if (typeof filename === 'string') {
    properties.Code = findFolder(filename, resources) ?? filename
  } else if (Object.keys(code).length > 0) {
    properties.Code = code
  }
}

/** The folder that an archive_file packs into the file. */
function findFolder (filename: string, resources: readonly TerraformResource[]): string | undefined {
  for (const { type, values } of resources) {
    if (type !== 'archive_file' || values.output_path !== filename) continue
    if (typeof values.source_dir === 'string' && values.source_dir !== '') return values.source_dir
    if (typeof values.source_file === 'string' && values.source_file !== '') return dirname(values.source_file)
  }
  return undefined
}
