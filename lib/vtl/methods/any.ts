// What every object of Java answers. `getClass` is left out: reflection answers nothing here.
import { JavaException, javaEquals } from '../../java/index.ts'
import type { Call, RunCall } from '../java-class.ts'
import { hashOf, textOf } from '../print.ts'

export const ANY_METHODS: Readonly<Record<string, Call>> = {
  'equals(Object)': (self, other) => javaEquals(self, other)
}

export const ANY_RUN_METHODS: Readonly<Record<string, RunCall>> = {
  'toString()': (run, self) => textOf(run, self),
  'hashCode()': (_, self) => hashOf(self)
}

/** `compareTo` with a value of another class. */
export const wrongClass: Call = () => { throw new JavaException('ClassCastException: the values have different classes') }
