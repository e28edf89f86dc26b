// What `cdk synth` writes: which folder it all lies in, and where in it the code is that a template has in S3.
import { dirname, join } from 'node:path'
import { statOf } from './stat-of.ts'

/** In each folder that CDK writes to; the folder itself is cdk.out, too, where nobody says otherwise. */
const MARK = 'cdk.out'
/** The digest of what was staged, perhaps behind the prefix of the bucket. */
const OBJECT_KEY = /(?:^|\/)([0-9a-f]{64})\.zip$/

/** The templates of a stage lie in a folder of their own, and their assets with those of the whole application. */
export function findAssemblyRoot (directory: string): string {
  const parent = dirname(directory)
  return parent !== directory && isAssembly(directory) && isAssembly(parent) ? findAssemblyRoot(parent) : directory
}

/** The folder of the code, where it was staged beside the template. */
export function findAsset (objectKey: unknown, root: string): string | undefined {
  const [, digest] = typeof objectKey === 'string' ? OBJECT_KEY.exec(objectKey) ?? [] : []
  if (digest === undefined) return undefined
  const folder = join(root, `asset.${digest}`)
  return statOf(folder)?.isDirectory() === true ? folder : undefined
}

function isAssembly (directory: string): boolean {
  return statOf(join(directory, MARK))?.isFile() === true
}
