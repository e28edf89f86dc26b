import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: resolveIgnoresFromGitignore() }),
  // "${request.body.action}" in a plain string is how API Gateway writes a selection expression.
  { rules: { 'no-template-curly-in-string': 'off', 'no-void': ['error', { allowAsStatement: true }] } },
  {
    files: ['lib/**/*.ts'],
    rules: {
      'max-len': ['error', { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error'
    }
  }
]
