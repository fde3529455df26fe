// The op table: every op stands once, in one of these files, and is found here. Functions that are no
// methods stand apart, so that a bundler leaves out those that a program doesn't use.
export * from './convolution.ts'
export * from './einsum.ts'
export * from './pooling.ts'
export * from './unfolding.ts'
export * from './with-methods.ts'
