// Finds the module and the export that Lambda's `Handler` names: `src/app.handler`, `app.exports.a.b`.
import { statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isOutside } from '../../paths.ts'

export interface HandlerFile {
  readonly file: string
  /** The way to the function inside the module. */
  readonly exportPath: readonly string[]
  readonly isTypeScript: boolean
}

/** In the order in which Lambda tries them, and then what only a loader can run. */
const EXTENSIONS = ['.js', '.mjs', '.cjs']
const TYPESCRIPT_EXTENSIONS = ['.ts', '.mts', '.cts']
const HANDLER = /^([^.]*)\.(.+)$/

/** The file of a handler, or why there is none. */
export function findHandlerFile (directory: string, handler: string): HandlerFile | string {
  const [, module = '', path = ''] = HANDLER.exec(basename(handler)) ?? []
  if (module === '') return `its handler is "${handler}"; it must be of the form file.export`
  const place = resolve(directory, join(handler.slice(0, handler.length - basename(handler).length), module))
  if (isOutside(directory, place)) return `its handler "${handler}" is outside of its folder; layers are not there, and Lambda allows no ".." in a handler`
  const candidates = [...EXTENSIONS, ...TYPESCRIPT_EXTENSIONS].map((extension) => place + extension)
  const file = candidates.find(isFile)
  if (file === undefined) {
    const names = EXTENSIONS.concat(TYPESCRIPT_EXTENSIONS).join(', ')
    return isFolder(directory)
      ? `its handler is "${handler}", and there is no ${relative(directory, place)} with one of ${names} in ${directory}`
      : `its folder ${directory} does not exist`
  }
  return { file, exportPath: path.split('.'), isTypeScript: isTypeScript(file) }
}

/** What `--map` names: `dist/order.js#handler`, without `#` the export `handler`. */
export function readModuleExport (text: string, directory: string): HandlerFile | string {
  const at = text.lastIndexOf('#')
  const file = resolve(directory, at === -1 ? text : text.slice(0, at))
  const path = at === -1 ? 'handler' : text.slice(at + 1)
  if (!isFile(file)) return `there is no file ${file}`
  return { file, exportPath: path.split('.'), isTypeScript: isTypeScript(file) }
}

function isTypeScript (file: string): boolean {
  return TYPESCRIPT_EXTENSIONS.some((extension) => file.endsWith(extension))
}

function isFile (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

export function isFolder (path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

/** How modules are named in messages and imports. */
export function urlOf (file: string): string {
  return pathToFileURL(file).href
}
