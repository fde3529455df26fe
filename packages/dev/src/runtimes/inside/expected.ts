/** What a runtime must have or lack: stated from outside, and looked at by a test. */
export interface Expected {
  readonly wasm: boolean
  /** Whether functions may be made from text. */
  readonly evaluation: boolean
}

/** Filled in before tests are loaded. */
export const expected = {} as Expected
