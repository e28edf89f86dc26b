// How much work comparing and hashing may be. Values can share parts, so a small one can take for ever to walk.

/** Whoever allows the work; throws when it is used up. */
export interface Budget {
  charge (steps: number): void
}

let current: Budget | undefined

/** Runs something on a budget. It is synchronous, so the budget can be the module's. */
export function onBudget<T> (budget: Budget, work: () => T): T {
  const outer = current
  current = budget
  try {
    return work()
  } finally {
    current = outer
  }
}

/** Looks at a container of so many items. */
export function spend (items: number): void {
  current?.charge(1 + (items >> 3))
}
