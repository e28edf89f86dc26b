// The door of mapping/, and the public entry `fastify-apigateway-websocket/mapping-template`.
export type { MappingScope, MappingTemplate, MappingTemplateOptions } from './template.ts'
export { compileMappingTemplate } from './template.ts'
