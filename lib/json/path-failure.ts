// How the parts of a path reader say that the engine would fail on a document, before the reader names its path.

/** A path cannot be applied to what the document holds; `compileJsonPath` turns it into `JsonPathFailedError`. */
export class PathFailure extends Error {}
