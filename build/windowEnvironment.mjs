/**
 * Vitest's environment for tests of the window: Node without a document, but with Svelte's runes compiled as for the page,
 * so that a state that cannot be sent to the engine (a proxy) is found here and not by a person.
 */
export default {
  name: 'window',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => undefined }),
}
