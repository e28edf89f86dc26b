// Every coded error of the project: one class an error, code AGW_ERR_<ROOM>_<WHAT>, the offending value quoted.
// docs/reference/errors.md lists them; a test holds page and map together.
import createError from '@fastify/error'

/*
 * Options and declarations
 */
export const OptionsInvalidError = createError<[string]>('AGW_ERR_OPTIONS_INVALID', 'Options are not valid: %s', 500, TypeError)

/*
 * Expressions
 */
export const SelectionExpressionInvalidError = createError<[string, string]>('AGW_ERR_EXPRESSION_INVALID', 'Selection expression %s is not valid: %s', 500, SyntaxError)

/*
 * JSON
 */
export const JsonInvalidError = createError<[string]>('AGW_ERR_JSON_INVALID', 'JSON is not valid: %s', 400, SyntaxError)

/*
 * JSON paths
 */
export const JsonPathInvalidError = createError<[string, string]>('AGW_ERR_JSON_PATH_INVALID', 'JSON path %s is not valid: %s', 500, SyntaxError)
export const JsonPathFailedError = createError<[string, string]>('AGW_ERR_JSON_PATH_FAILED', 'JSON path %s cannot be applied: %s', 500, TypeError)

/*
 * Java patterns
 */
export const PatternInvalidError = createError<[string, string]>('AGW_ERR_JAVA_PATTERN_INVALID', 'Pattern %s is not valid: %s', 500, SyntaxError)
export const PatternFailedError = createError<[string, string]>('AGW_ERR_JAVA_PATTERN_FAILED', 'Pattern %s failed: %s', 500, RangeError)

/*
 * Mapping templates
 */
export const MappingTemplateInvalidError = createError<[string, string, string, string]>('AGW_ERR_MAPPING_TEMPLATE_INVALID', 'Template %s is not valid%s: %s%s', 500, SyntaxError)
export const MappingTemplateFailedError = createError<[string, string, string]>('AGW_ERR_MAPPING_TEMPLATE_FAILED', 'Template %s failed%s: %s', 500)
