// Templates before every judge there is: the service spec, the SDK's enums, the rules of WebSocket APIs, AWS's linter.
import type { CloudFormationTemplate } from '../../lib/index.ts'
import { checkTemplate } from './check-template.ts'
import type { Template } from './check-template.ts'
import { lintTemplate } from './lint-template.ts'

/**
 * AWS reserves AccessPolicyId: the service spec has it, the linter's schema has not. And the runtimes of functions that came
 * with a definition are as old as it is.
 */
export const isNews = (finding: string): boolean => !finding.includes('Properties.AccessPolicyId') && !finding.startsWith('E2533 ')

export function judgeTemplate (template: CloudFormationTemplate): string[] {
  return [...checkTemplate(template as unknown as Template), ...lintTemplate(template).filter(isNews)]
}
