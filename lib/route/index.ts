// The door of the routes.
export { CompiledRoute, isTwoWay } from './route.ts'
export { selectFrame } from './route-response.ts'
