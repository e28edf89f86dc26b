// check: reads a definition and tells what would not come along.
import type { Command } from './command.ts'
import { readDefinition } from './definition.ts'
import { GROUPS } from './import-options.ts'
import { exitCodeOf, renderCounts, renderEntry, sortReport, writeReport } from './report.ts'

export const CHECK: Command = {
  name: 'check',
  summary: 'Reads a definition and reports what would not come along.',
  usage: ['<file|dir|-> [options]', '--api-id <id> [options]'],
  description: `Reads a CloudFormation or SAM template, the template of a CDK app, a serverless.yml, the JSON of "terraform show -json" or of "aws apigatewayv2 get-*", and says of every property of every gateway resource what becomes of it. Nothing is written and nothing runs.

The report is the result, on stdout: errors first (the API cannot run before they are resolved), then warnings (it runs, perhaps otherwise than meant), then notes.`,
  positionals: [0, 1],
  options: [
    GROUPS.source,
    GROUPS.values,
    { title: 'Report', options: [{ name: 'json', help: 'Prints the report as JSON.' }, ...GROUPS.report.options] }
  ],
  examples: [
    ['check template.yaml', 'What would become of a SAM template'],
    ['check . --strict', 'The definition of this folder; fails on warnings, too, for CI'],
    ['check cdk.out/ChatStack.template.json --json', 'What a CDK app synthesized, for a program to read']
  ],
  exitCodes: {
    0: 'nothing is wrong, or there are warnings',
    1: 'the report has errors, or with --strict warnings',
    2: 'the definition cannot be read, or the call is wrong'
  },
  async run (call) {
    const { values, terminal } = call
    const { report, name } = await readDefinition(call)
    const sorted = sortReport(report)
    await writeReport(call, sorted)
    if (values.has('json')) {
      terminal.print(JSON.stringify(sorted, undefined, 2))
    } else {
      for (const entry of sorted) terminal.print(renderEntry(entry, name, (style, text) => terminal.stylePrinted(style, text)))
      terminal.print(`${name}: ${renderCounts(report)}`)
    }
    return exitCodeOf(report, values.has('strict'))
  }
}
