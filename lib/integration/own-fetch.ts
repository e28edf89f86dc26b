// Leaves Node's own fetch() what it is. The first undici to load claims the process-wide dispatcher that fetch() uses;
// fetch() of another version then misbehaves in all of the app. So Node's own is loaded first, by touching a global of
// its.
void globalThis.Headers
