// What SAM says against a resource.

/** Thrown while a resource is expanded, its message in SAM's words; it never leaves the room. */
export class InvalidResource extends Error {}
