// The door of the routes.
export { RequestParameters } from './request-parameters.ts'
export { CompiledRoute, isTwoWay } from './route.ts'
export { selectFrame } from './route-response.ts'
