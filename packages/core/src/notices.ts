type Listener = (message: string) => void

const toConsole: Listener = (message) => {
  ;(globalThis as { console?: { warn(text: string): void } }).console?.warn(message)
}

let listener: Listener | null = toConsole
const noticed = new Set<string>()

/**
 * Says once that something looks like a mistake, and what to do about it.
 * @param topic what it is about: of each topic the first notice is the only one.
 */
export function notice(topic: string, message: () => string): void {
  if (listener === null || noticed.has(topic)) return
  noticed.add(topic)
  listener(`gradtape: ${message()} (setNotices(false) switches such notices off)`)
}

/**
 * Switches off, or on again, the notices of what looks like a mistake in training, such as gradients
 * that are never cleared; or hands them to a function. They go to `console.warn` unless this is
 * called, each of them once; switched on again, they come once more.
 */
export function setNotices(to: boolean | ((message: string) => void)): void {
  listener = typeof to === 'function' ? to : to ? toConsole : null
  noticed.clear()
}
