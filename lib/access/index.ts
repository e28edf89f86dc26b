// The door of access control.
export { TokenBucket } from './token-bucket.ts'
