// Templates before @aws/cloudformation-validate, AWS's own linter: its errors, each with its rule.
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let engine: InstanceType<typeof RegoEngine> | undefined

export function lintTemplate (template: object): string[] {
  engine ??= new RegoEngine()
  const folder = mkdtempSync(join(tmpdir(), 'template-'))
  try {
    const path = join(folder, 'template.json')
    writeFileSync(path, JSON.stringify(template))
    return engine.validateStandard(new TemplateFile(path)).diagnostics
      .filter(({ severity }) => severity === 'FATAL' || severity === 'ERROR')
      .map(({ ruleId, entity, propertyPath, message }) => `${ruleId} ${entity?.logicalId ?? ''} ${propertyPath ?? ''}: ${message}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
